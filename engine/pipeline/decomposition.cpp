#include "pipeline/decomposition.h"

#include <algorithm>
#include <set>

#include "checks/kernel_claims.h"
#include "checks/kernel_identity.h"
#include "checks/kernel_name.h"
#include "checks/kernels.h"
#include "checks/levels.h"
#include "checks/workloads.h"
#include "core/error.h"
#include "pipeline/recorded_components.h"

namespace decomp {
namespace {

class Group {
 public:
  Group(Session& session, const GroupSteps& steps, Report& report) : session_(session), steps_(steps), report_(report), forms_(session) {
    std::vector<Finding> said_by_custody;
    if (steps.group.folder) levels_ = read_level_folders(forms_, *steps.group.folder, said_by_custody);
    components_ = collect_components(session, forms_, steps, levels_);
  }

  void judge(std::vector<KernelFixes>* fixes) {
    judge_names();
    if (fixes != nullptr && steps_.group.folder && !fixes_.empty()) {
      fixes_.root = steps_.group.folder->root;
      fixes_.shown = steps_.group.folder->shown;
      fixes->push_back(fixes_);
    }
    judge_levels();
    for (std::size_t s = 0; s < found_.size(); ++s)
      for (std::size_t place : steps_.group.steps[s]) add_to_step(report_.steps[place], found_[s], false);
  }

 private:
  void add(const RecordedComponent& component, Finding finding) {
    finding.where.file = component.path;
    if (!session_.options().workspace_rules) finding.severity = Severity::note;  // one rewrite alone
    found_[component.step].push_back(std::move(finding));
  }

  const ComponentRun* first_run(const RecordedComponent& component) const {
    for (const ComponentRun& run : component.runs)
      if (run.calls > 0) return &run;
    return nullptr;
  }

  // A file of one code in several steps is judged once.
  void judge_names() {
    std::map<std::string, std::string> levels, better;
    std::set<std::string> misnamed;
    std::vector<KernelFile> kernels;
    std::vector<const RecordedComponent*> of_kernel;
    for (const RecordedComponent& c : components_) {
      levels[c.name] = level_word(c.level());
      if (c.level() != 0) continue;
      if (const ComponentRun* run = first_run(c)) {
        const auto literals = c.facts ? integer_literals(*c.facts) : std::vector<std::int64_t>{};
        NameVerdict verdict = check_kernel_name(c.name, *run, literals);
        better[c.name] = verdict.better;
        if (!verdict.findings.empty()) misnamed.insert(c.name);
        for (Finding& f : verdict.findings) add(c, std::move(f));
      }
      kernels.push_back({c.name, c.form != nullptr ? code_without_names(*c.form) : "", c.runs});
      of_kernel.push_back(&c);
    }
    for (Finding& f : check_workloads(kernels)) add_by_name(of_kernel, std::move(f));
    std::set<std::pair<std::string, std::string>> said;
    for (std::size_t s = 0; s < steps_.group.steps.size(); ++s)
      for (Finding& f : check_kernels(steps_.seen(s).refactored, steps_.seen(s).refactored_modules, levels, better))
        if (said.emplace(f.where.file, f.message).second) {
          if (f.rule.rfind("name-", 0) == 0) misnamed.insert(f.where.file);
          add_by_name(of_kernel, std::move(f));
        }
    plan_fixes(kernels, of_kernel, misnamed, better);
  }

  // Files of one name that hold different code cannot be told apart by it: those are left to their author.
  void plan_fixes(const std::vector<KernelFile>& kernels, const std::vector<const RecordedComponent*>& of_kernel, const std::set<std::string>& misnamed,
                  const std::map<std::string, std::string>& better) {
    const auto alone = [&](const std::string& name) { return std::count_if(components_.begin(), components_.end(), [&](const auto& c) { return c.name == name; }) == 1; };
    std::set<std::string> dropped;
    for (const DuplicateKernel& d : find_duplicates(kernels)) {
      const RecordedComponent &drop = *of_kernel[d.drop], &keep = *of_kernel[d.keep];
      if (!alone(drop.name) || !alone(keep.name)) continue;
      KernelMerge merge{drop.name, keep.name, {}, {}, ""};
      pair_keys(*first_run(drop), *first_run(keep), merge);
      for (std::size_t i = 0; i < drop.runs.size(); ++i) merge.uses.push_back({steps_.files(drop.run_steps[i]).root.filename().string(), drop.runs[i].instance});
      dropped.insert(drop.name);
      fixes_.merges.push_back(std::move(merge));
    }
    for (const std::string& name : misnamed)
      if (const auto new_name = better.find(name); new_name != better.end() && new_name->second != name && dropped.count(name) == 0 && alone(name))
        fixes_.renames.push_back({name, new_name->second});
  }

  void judge_levels() {
    for (const CustodyFile& file : levels_) {
      const auto source = read_source(steps_.group.folder->root / level_folder(file.level) / (file.name + ".py"), file.shown);
      if (const Source* read = std::get_if<Source>(&source))
        for (Finding& f : check_declared_level(file.shown, file.level, declared_level(read->bytes))) report_.findings.push_back(std::move(f));
    }
    std::set<std::pair<std::size_t, std::size_t>> said;
    for (const RecordedComponent& c : components_) {
      if (c.level_file != nullptr)
        for (Finding& f : check_declared_level(c.path, c.level_file->level, c.header, c.level_file->shown))
          if (f.severity == Severity::error) add(c, std::move(f));
      if (const ComponentRun* run = first_run(c))
        for (Finding& f : check_level_of_run(c.path, c.level(), *run))
          if (f.rule != "level-single" || !taken_apart(c, *run)) add(c, std::move(f));
      std::set<std::size_t> parents(c.run_steps.begin(), c.run_steps.end());
      for (std::size_t s : parents)
        for (Finding& f : check_level_order(original_name(s), original_level(s), c.path, c.level())) add(c, std::move(f));
    }
  }

  // Does a step of this decomposition make several operations of what torch does in one call?
  bool taken_apart(const RecordedComponent& component, const ComponentRun& run) {
    if (!stands_for_several(run) || component.form == nullptr || component.form->identity.empty()) return false;
    const auto compute = [](const Tape& tape) { return std::count_if(tape.entries.begin(), tape.entries.end(), [](const TapeEntry& e) { return op_class(e.op) == OpClass::compute; }); };
    for (std::size_t s = 0; s < steps_.group.steps.size(); ++s) {
      const StepEvidence& seen = steps_.seen(s);
      const CodeForm* original = seen.ran ? forms_.known(seen.original_sha256) : nullptr;
      if (original != nullptr && original->identity == component.form->identity && compute(seen.refactored) > compute(seen.original)) return true;
    }
    return false;
  }

  // The level file that a step's original is; nullptr where none holds it.
  const CustodyFile* original_file(std::size_t step) {
    const CodeForm* form = forms_.known(steps_.seen(step).original_sha256);
    for (const CustodyFile& file : levels_)
      if (form != nullptr && file.form != nullptr && file.form->identity == form->identity) return &file;
    return nullptr;
  }
  int original_level(std::size_t step) {
    const CustodyFile* file = original_file(step);
    return file != nullptr ? file->level : level_number(steps_.seen(step).level);
  }
  std::string original_name(std::size_t step) {
    const CustodyFile* file = original_file(step);
    return file != nullptr ? file->shown : steps_.files(step).shown + "/original.py";
  }

  void add_by_name(const std::vector<const RecordedComponent*>& components, Finding finding) {
    for (const RecordedComponent* c : components)
      if (c->name == finding.where.file) return add(*c, std::move(finding));
  }

  Session& session_;
  const GroupSteps& steps_;
  Report& report_;
  CodeForms forms_;
  std::vector<CustodyFile> levels_;
  std::vector<RecordedComponent> components_;
  KernelFixes fixes_;
  std::vector<std::vector<Finding>> found_ = std::vector<std::vector<Finding>>(steps_.group.steps.size());
};

}  // namespace

void judge_decompositions(Session& session, const std::vector<StepFiles>& steps, const std::vector<StepEvidence>& evidence, Report& report,
                          std::vector<KernelFixes>* fixes) {
  for (const StepGroup& group : groups_of(steps)) {
    const GroupSteps seen{group, steps, evidence};
    try {
      Group(session, seen, report).judge(fixes);
    } catch (const Error& error) {
      const std::string where = group.folder ? group.folder->shown : steps[group.steps[0][0]].shown;
      const Finding finding{"run-not-decided", Severity::error, {where}, std::string("names and levels could not be judged: ") + error.what(), "Run the check again."};
      for (const auto& places : group.steps)
        for (std::size_t place : places) add_to_step(report.steps[place], {finding}, true);
    }
  }
}

}  // namespace decomp
