#include "checks/custody_chain.h"

#include <algorithm>
#include <map>
#include <set>

namespace decomp {
namespace {

// Where `file` departs from `other`, for a sentence.
struct Departure {
  Location where;  // in `file`
  std::string text;
};

std::string line_of(const Location& where) {
  return where.line > 0 ? " (line " + std::to_string(where.line) + ")" : "";
}

Departure departure(const CustodyFile& file, const CustodyFile& other) {
  const auto differences = explain_difference(*file.form, *other.form);
  if (differences.empty()) return {{file.shown}, "nothing"};
  const CodeDifference& first = differences.front();
  Departure found{first.a, first.part};
  found.where.file = file.shown;
  if (!first.text_a.empty())
    found.text +=
        ": it has " + first.text_a + line_of(first.a) + " where that file has " + first.text_b + line_of(first.b);
  if (differences.size() > 1) {
    found.text += "; also in ";
    for (std::size_t i = 1; i < differences.size() && i < 4; ++i)
      found.text += (i > 1 ? ", " : "") + differences[i].part;
    if (differences.size() > 4) found.text += " and " + std::to_string(differences.size() - 4) + " more";
  }
  return found;
}

bool same(const CustodyFile& a, const CustodyFile& b) {
  return a.form && b.form && !a.form->identity.empty() && a.form->identity == b.form->identity;
}

class Chain {
 public:
  explicit Chain(const CustodyCase& custody) : case_(custody), accepted_(custody.steps.size()), possible_(accepted_) {
    result_.steps.resize(custody.steps.size());
    result_.undecided.resize(custody.steps.size());
    if (!custody.source) {  // said elsewhere; which steps rest on it cannot be told
      for (std::size_t i = 0; i < custody.steps.size(); ++i)
        accepted_[i] = custody.steps[i].verdict == CustodyStep::passed;
      return;
    }
    spread(accepted_, false);
    spread(possible_, true);
  }

  CustodyVerdict judge() {
    if (case_.source)
      for (std::size_t i = 0; i < case_.steps.size(); ++i) judge_original(i);
    if (!case_.levels.empty()) {
      judge_copies();
      judge_components();
      judge_kernels();
    }
    return std::move(result_);
  }

 private:
  using Marks = std::vector<bool>;

  // All steps whose original is the source or a child of a marked step; `hopeful`: as if undecided steps had passed.
  void spread(Marks& marks, bool hopeful) const {
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = 0; i < case_.steps.size(); ++i) {
        const auto verdict = case_.steps[i].verdict;
        const bool counts = verdict == CustodyStep::passed || (hopeful && verdict == CustodyStep::undecided);
        if (marks[i] || !counts || !is_made(case_.steps[i].original, marks)) continue;
        marks[i] = more = true;
      }
    }
  }

  bool makes(const CustodyStep& step, const CustodyFile& file) const {
    return std::any_of(step.children.begin(), step.children.end(),
                       [&](const CustodyFile& child) { return same(child, file); });
  }

  bool is_made(const CustodyFile& file, const Marks& marks) const {
    if (same(*case_.source, file)) return true;
    for (std::size_t i = 0; i < case_.steps.size(); ++i)
      if (marks[i] && makes(case_.steps[i], file)) return true;
    return false;
  }

  void judge_original(std::size_t index) {
    const CustodyStep& step = case_.steps[index];
    if (!step.original.form || step.original.form->identity.empty() || is_made(step.original, accepted_)) return;
    auto& findings = result_.steps[index];
    std::vector<std::size_t> makers;
    for (std::size_t i = 0; i < case_.steps.size(); ++i)
      if (makes(case_.steps[i], step.original)) makers.push_back(i);
    if (is_made(step.original, possible_) || (makers.empty() && anything_unread())) {
      result_.undecided[index] = step.verdict == CustodyStep::passed;
      findings.push_back(
          {"custody-not-decided",
           Severity::error,
           {step.original.shown},
           "whether this original is a component of an accepted step depends on a step that could not be judged",
           "Run the check again; see what the other step says."});
    } else if (!makers.empty()) {
      std::string names;
      for (std::size_t maker : makers) names += (names.empty() ? "" : ", ") + reason(maker, index);
      findings.push_back({"custody-parent-not-accepted",
                          Severity::error,
                          {step.original.shown},
                          "this original is made only by what is no accepted step: " + names,
                          "Make that step pass first, beginning at the source model; then check again."});
    } else {
      unknown_original(step, findings);
    }
  }

  // A step of which not all is known could have made anything.
  bool anything_unread() const {
    return std::any_of(case_.steps.begin(), case_.steps.end(), [](const CustodyStep& step) {
      return step.verdict == CustodyStep::undecided &&
             std::any_of(step.children.begin(), step.children.end(),
                         [](const CustodyFile& child) { return !child.form; });
    });
  }

  std::string reason(std::size_t maker, std::size_t made) const {
    const CustodyStep& step = case_.steps[maker];
    if (maker == made) return "this step itself";
    if (step.verdict == CustodyStep::failed) return step.shown + " (fails)";
    return step.shown + " (its own original is not from an accepted step)";
  }

  void unknown_original(const CustodyStep& step, std::vector<Finding>& findings) const {
    const CustodyFile* nearest = &*case_.source;
    double best = similarity(step.original, *nearest);
    std::set<std::string> compared;  // one kernel is a child in many places
    for (const CustodyStep& other : case_.steps) {
      if (&other == &step) continue;
      for (const CustodyFile& child : other.children)
        if (child.form && compared.insert(child.form->identity).second)
          if (const double likeness = similarity(step.original, child); likeness > best) {
            best = likeness;
            nearest = &child;
          }
    }
    Finding finding{
        "custody-original-unknown",
        Severity::error,
        {step.original.shown},
        "this original is neither the source model nor a component that a step of this decomposition made",
        "Copy the component that this step takes apart, its get_inputs() and get_init_inputs() included, from where it "
        "was made."};
    if (best > 0) {
      const Departure first = departure(step.original, *nearest);
      finding.where = first.where;
      finding.message += "; the nearest is " + nearest->shown + ", from which it departs in " + first.text;
      finding.help = "Copy " + nearest->shown + " over it, or add the step that makes this component.";
      changed_dimensions(step.original, *nearest, findings);
    }
    findings.push_back(std::move(finding));
  }

  // Where all that differs is numbers, each is told with both values and both places.
  static void changed_dimensions(const CustodyFile& file, const CustodyFile& source, std::vector<Finding>& findings) {
    for (const CodeDifference& d : changed_sizes(*file.form, *source.form)) {
      Location where = d.a;
      where.file = file.shown;
      findings.push_back({"dimension-changed", Severity::error, where,
                          d.part + " has " + d.text_a + " where " + source.shown + " has " + d.text_b + line_of(d.b) + ": dimensions are the source's",
                          "Write " + d.text_b + ", here and in every component below."});
    }
  }

  static double similarity(const CustodyFile& a, const CustodyFile& b) {
    return a.form && b.form ? code_similarity(*a.form, *b.form) : 0;
  }

  // Every child of a step lies in the level folders, too, as the same component.
  void judge_copies() {
    for (std::size_t i = 0; i < case_.steps.size(); ++i)
      for (const CustodyFile& child : case_.steps[i].children) {
        if (!child.form || child.form->identity.empty()) continue;
        if (std::any_of(case_.levels.begin(), case_.levels.end(),
                        [&](const CustodyFile& file) { return same(file, child); }))
          continue;
        bool named = false;
        for (const CustodyFile& file : case_.levels)
          if (file.name == child.name) {
            named = true;
            differing_copy(file, child);
          }
        if (!named)
          result_.steps[i].push_back(
              {"custody-child-not-in-levels",
               Severity::error,
               {child.shown},
               "no level folder holds this component: there is neither a " + child.name +
                   ".py nor another file with this code",
               "Copy it into the folder of its level: level_2_layer/, level_1_fusion/ or level_0_kernel/."});
      }
  }

  void differing_copy(const CustodyFile& file, const CustodyFile& child) {
    if (!file.form || !differing_.insert(file.shown).second) return;
    const Departure first = departure(file, child);
    result_.others.push_back(
        {"custody-copy-differs", Severity::error, first.where,
         file.shown + " is not the component that was proved as " + child.shown + "; it departs in " + first.text,
         "Copy one of the two over the other; what is proved is the file in children/."});
  }

  void judge_components() {
    std::map<std::string, std::vector<const CustodyFile*>> components;  // by identity
    for (const CustodyFile& file : case_.levels)
      if (file.level > 0 && file.form && !file.form->identity.empty()) components[file.form->identity].push_back(&file);
    for (const CustodyFile& file : case_.levels) {
      const auto found = file.form ? components.find(file.form->identity) : components.end();
      if (found == components.end() || found->second.front() != &file) continue;
      std::vector<const CustodyStep*> accepted;
      bool tried = false;
      for (std::size_t i = 0; i < case_.steps.size(); ++i) {
        if (!same(case_.steps[i].original, file)) continue;
        tried = true;
        if (accepted_[i]) accepted.push_back(&case_.steps[i]);
      }
      // Copies of one component under several names may have a step each.
      if (accepted.size() > found->second.size())
        two_steps(file, accepted);
      else if (!tried && !differing_.count(file.shown))
        without_step(file);
    }
  }

  void two_steps(const CustodyFile& file, const std::vector<const CustodyStep*>& steps) {
    std::string names;
    for (const CustodyStep* step : steps) names += (names.empty() ? "" : ", ") + step->shown;
    result_.others.push_back({"custody-component-with-two-steps",
                              Severity::error,
                              {file.shown},
                              "this component is taken apart by " + std::to_string(steps.size()) + " steps: " + names,
                              "Keep one of them."});
  }

  void without_step(const CustodyFile& file) {
    const CustodyStep* nearest = nullptr;
    double best = 0;
    for (const CustodyStep& step : case_.steps)
      if (const double likeness = similarity(file, step.original); likeness > best) {
        best = likeness;
        nearest = &step;
      }
    Finding finding{
        "custody-component-without-step",
        Severity::error,
        {file.shown},
        "no step takes this component apart, and it is no kernel",
        "Add a step whose original.py is this file; a component of one operation belongs into level_0_kernel/."};
    // Where most is alike, the step is there and one of the two files was changed.
    if (best > 0.8) {
      const Departure first = departure(file, nearest->original);
      finding.where = first.where;
      finding.message +=
          "; the nearest original is " + nearest->original.shown + ", from which it departs in " + first.text;
    }
    result_.others.push_back(std::move(finding));
  }

  void judge_kernels() {
    for (const CustodyFile& file : case_.levels) {
      if (file.level != 0 || !file.form || differing_.count(file.shown)) continue;
      const bool made = (case_.source && same(*case_.source, file)) ||
                        std::any_of(case_.steps.begin(), case_.steps.end(),
                                    [&](const CustodyStep& step) { return makes(step, file); });
      if (!made)
        result_.others.push_back({"custody-kernel-without-parent",
                                  Severity::warning,
                                  {file.shown},
                                  "this kernel is a child of no step, so nothing shows that the model needs it",
                                  "Delete it, or use it in the step that should."});
    }
  }

  const CustodyCase& case_;
  CustodyVerdict result_;
  Marks accepted_;
  Marks possible_;
  std::set<std::string> differing_;  // level files that are said to differ from what was proved
};

}  // namespace

NearestFile nearest_file(const CustodyFile& wanted, const std::vector<CustodyFile>& files) {
  NearestFile nearest;
  double best = 0;
  for (const CustodyFile& file : files) {
    const double likeness = wanted.form && file.form ? code_similarity(*wanted.form, *file.form) : 0;
    if (likeness <= best) continue;
    best = likeness;
    nearest.file = &file;
  }
  if (nearest.file == nullptr) return nearest;
  const Departure first = departure(*nearest.file, wanted);
  nearest.where = first.where;
  nearest.departs = first.text;
  return nearest;
}

CustodyVerdict judge_custody_chain(const CustodyCase& custody) { return Chain(custody).judge(); }

}  // namespace decomp
