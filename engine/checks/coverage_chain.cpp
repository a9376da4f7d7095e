#include "checks/coverage_chain.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checks/coverage.h"

namespace decomp {
namespace {

bool is_compute(const TapeEntry& entry) { return op_class(entry.op) == OpClass::compute; }

// What a step's kernels leave open, from its children's steps upwards.
struct Judged {
  Coverage coverage;
  std::vector<CoverageGap> extra;  // also those of the steps below
};

class Chain {
 public:
  explicit Chain(const std::vector<RecordedStep>& steps) : steps_(steps), judged_(steps.size()), open_(steps.size()) {
    for (std::size_t i = 0; i < steps.size(); ++i) by_identity_.emplace(steps[i].identity, i);
  }

  CoverageReport run(std::size_t top) {
    const Judged& whole = judge(top);
    std::map<std::string, std::int64_t> original, decomposed;
    for (const TapeEntry& entry : steps_[top].original.entries)
      if (is_compute(entry)) ++original[canonical_operation(entry.op)];
    count_kernels(top, 1, 0);
    for (auto& [identity, child] : kernels_) {
      for (const auto& [name, count] : child.calls) decomposed[name] += count;
      report_.children.push_back(std::move(child));
    }
    std::sort(report_.children.begin(), report_.children.end(), [](const CoverageChild& a, const CoverageChild& b) { return a.path < b.path; });
    report_.missing = gaps_of(steps_[top].original, whole.coverage.missing, steps_[top].modules, steps_[top].files);
    report_.extra = whole.extra;
    report_.recorded = true;
    summarise_coverage(report_, original, decomposed);
    return std::move(report_);
  }

 private:
  const RecordedChild* child_of(const RecordedStep& step, const ModuleInstance* instance) const {
    if (instance == nullptr || instance->component.empty()) return nullptr;
    for (const RecordedChild& child : step.children)
      if (child.module == instance->child) return &child;
    return nullptr;
  }

  // The step that takes a child apart; nothing for a kernel, or where there is none.
  std::optional<std::size_t> step_of(const RecordedChild& child) const {
    const auto found = by_identity_.find(child.identity);
    return child.kernel || child.identity.empty() || found == by_identity_.end() ? std::nullopt : std::optional(found->second);
  }

  static const ModuleInstance* instance_of(const std::vector<ModuleInstance>& modules, int at) {
    return at >= 0 && at < static_cast<int>(modules.size()) ? &modules[static_cast<std::size_t>(at)] : nullptr;
  }

  // How often each component was called, by its path.
  static std::map<std::string, std::int64_t> calls_of(const RecordedStep& step) {
    std::map<std::string, std::int64_t> calls;
    for (int at : step.refactored.calls)
      if (const ModuleInstance* m = instance_of(step.refactored_modules, at); m != nullptr && !m->component.empty() && m->component == m->path) ++calls[m->path];
    return calls;
  }

  const Judged& judge(std::size_t at) {
    if (judged_[at]) return *judged_[at];
    open_[at] = true;  // a step below that takes its own parent apart makes nothing
    const RecordedStep& step = steps_[at];
    const auto calls = calls_of(step);
    std::set<std::size_t> refused;  // entries of the refactored run that no kernel makes in the end
    Judged result;
    for (const RecordedChild& child : step.children) {
      if (child.kernel) continue;
      const auto below = step_of(child);
      const Judged* deeper = below && !open_[*below] ? &judge(*below) : nullptr;
      std::int64_t times = 0;
      for (const auto& [path, count] : calls) {
        if (component_file(step, path) != child.module) continue;
        times += count;
        refuse(step, path, count, deeper == nullptr ? nullptr : &steps_[*below], deeper, refused);
      }
      if (deeper == nullptr) continue;
      use(deeper->coverage.equivalences);
      for (CoverageGap gap : deeper->extra) {
        gap.count *= times;
        if (times > 0) result.extra.push_back(std::move(gap));
      }
    }
    result.coverage = cover({step.original, step.refactored, step.modules, step.refactored_modules},
                            [&](std::size_t entry, const ModuleInstance* instance) {
                              return child_of(step, instance) != nullptr && refused.count(entry) == 0;
                            });
    use(result.coverage.equivalences);
    for (CoverageGap gap : gaps_of(step.refactored, result.coverage.extra, step.refactored_modules, step.refactored_files)) {
      result.extra.push_back(std::move(gap));
    }
    open_[at] = false;
    judged_[at] = std::move(result);
    return *judged_[at];
  }

  static std::string component_file(const RecordedStep& step, const std::string& path) {
    for (const ModuleInstance& m : step.refactored_modules)
      if (m.path == path && m.component == path) return m.child;
    return "";
  }

  // Of what one component ran, the operations that its own step leaves open: all of them where it has no step.
  void refuse(const RecordedStep& step, const std::string& path, std::int64_t times, const RecordedStep* below, const Judged* deeper,
              std::set<std::size_t>& refused) {
    std::vector<std::size_t> ran;
    for (std::size_t i = 0; i < step.refactored.entries.size(); ++i) {
      const ModuleInstance* m = instance_of(step.refactored_modules, step.refactored.entries[i].instance);
      if (m != nullptr && m->component == path && is_compute(step.refactored.entries[i])) ran.push_back(i);
    }
    if (deeper == nullptr) {
      refused.insert(ran.begin(), ran.end());
      return;
    }
    for (std::size_t missing : deeper->coverage.missing)
      for (std::int64_t call = 0; call < times; ++call)
        for (bool exact : {true, false})  // the same shapes first
          if (refuse_one(step, ran, below->original, missing, call, exact, refused)) break;
  }

  // Both ran the same code, so the n-th of some like operations in one is the n-th in the other.
  static bool refuse_one(const RecordedStep& step, const std::vector<std::size_t>& ran, const Tape& below, std::size_t missing, std::int64_t call,
                         bool exact, std::set<std::size_t>& refused) {
    std::size_t before = 0, each = 0;
    for (std::size_t i = 0; i < below.entries.size(); ++i) {
      if (!is_compute(below.entries[i]) || !alike(below.entries[missing], below.entries[i], exact)) continue;
      ++each;
      before += i < missing ? 1 : 0;
    }
    std::vector<std::size_t> candidates;
    for (std::size_t i : ran)
      if (alike(below.entries[missing], step.refactored.entries[i], exact)) candidates.push_back(i);
    if (candidates.empty()) return false;
    const std::size_t first = (static_cast<std::size_t>(call) * each + before) % candidates.size();
    for (std::size_t k = 0; k < candidates.size(); ++k)
      if (refused.insert(candidates[(first + k) % candidates.size()]).second) return true;
    return false;
  }

  static bool alike(const TapeEntry& a, const TapeEntry& b, bool exact) {
    if (canonical_operation(a.op) != canonical_operation(b.op)) return false;
    if (!exact) return true;
    if (a.out.size() != b.out.size()) return false;
    for (std::size_t i = 0; i < a.out.size(); ++i)
      if (a.out[i].shape != b.out[i].shape || a.out[i].dtype != b.out[i].dtype) return false;
    return true;
  }

  // Instances and operations of the kernels, over all steps below, each as often as its parent runs.
  void count_kernels(std::size_t at, std::int64_t times, int depth) {
    if (depth > 16) return;  // steps that take each other apart
    const RecordedStep& step = steps_[at];
    const auto calls = calls_of(step);
    for (const RecordedChild& child : step.children) {
      std::int64_t called = 0;
      for (const auto& [path, count] : calls)
        if (component_file(step, path) == child.module) called += count;
      if (child.kernel) {
        CoverageChild& kernel = kernels_[child.identity.empty() ? child.path : child.identity];
        kernel.path = child.path;
        kernel.instances += called * times;
        for (const TapeEntry& entry : step.refactored.entries) {
          const ModuleInstance* m = instance_of(step.refactored_modules, entry.instance);
          if (m != nullptr && m->child == child.module && is_compute(entry)) kernel.calls[canonical_operation(entry.op)] += times;
        }
      } else if (const auto below = step_of(child); below && called > 0) {
        count_kernels(*below, called * times, depth + 1);
      }
    }
  }

  void use(const std::vector<std::string>& equivalences) {
    for (const std::string& name : equivalences)
      if (std::find(report_.equivalences.begin(), report_.equivalences.end(), name) == report_.equivalences.end())
        report_.equivalences.push_back(name);
  }

  const std::vector<RecordedStep>& steps_;
  std::map<std::string, std::size_t> by_identity_;
  std::vector<std::optional<Judged>> judged_;
  std::vector<bool> open_;
  std::map<std::string, CoverageChild> kernels_;
  CoverageReport report_;
};

}  // namespace

CoverageReport cover_chain(const std::vector<RecordedStep>& steps, std::size_t top) { return Chain(steps).run(top); }

std::vector<CoverageGap> gaps_of(const Tape& tape, const std::vector<std::size_t>& entries, const std::vector<ModuleInstance>& modules,
                                 const std::vector<std::string>& files) {
  std::vector<CoverageGap> gaps;
  for (std::size_t i : entries) {
    const TapeEntry& entry = tape.entries[i];
    CoverageGap gap{canonical_operation(entry.op), 1, "", {}};
    if (entry.instance >= 0 && entry.instance < static_cast<int>(modules.size())) gap.component = modules[static_cast<std::size_t>(entry.instance)].path;
    if (entry.file >= 0 && entry.file < static_cast<int>(files.size())) gap.where = {files[static_cast<std::size_t>(entry.file)], entry.line};
    const auto same = std::find_if(gaps.begin(), gaps.end(), [&](const CoverageGap& g) {
      return g.name == gap.name && g.where.file == gap.where.file && g.where.line == gap.where.line && (gap.where.line > 0 || g.component == gap.component);
    });
    if (same == gaps.end())
      gaps.push_back(std::move(gap));
    else
      ++same->count;
  }
  return gaps;
}

void summarise_coverage(CoverageReport& report, const std::map<std::string, std::int64_t>& original,
                        const std::map<std::string, std::int64_t>& decomposed) {
  std::map<std::string, CoveredOperation> operations;
  for (const auto& [name, count] : original) operations[name].original = count;
  for (const auto& [name, count] : decomposed) operations[name].decomposed = count;
  for (const CoverageGap& gap : report.missing) operations[gap.name].missing += gap.count;
  std::set<std::string> extra;
  for (const CoverageGap& gap : report.extra) extra.insert(gap.name);
  for (auto& [name, operation] : operations) {
    operation.name = name;
    operation.status = operation.missing > 0 ? (operation.missing == operation.original ? "missing" : "partial")
                       : extra.count(name) != 0 ? "extra"
                       : operation.original > 0 ? "covered"
                                                : "equivalent";
    report.total_original += operation.original;
    report.total_decomposed += operation.decomposed;
    report.covered += operation.original - operation.missing;
    report.operations.push_back(operation);
  }
  report.status = report.missing.empty() && report.extra.empty() ? "FULL_COVERAGE"
                  : report.covered == 0 && report.total_original > 0 ? "NO_COVERAGE"
                                                                     : "PARTIAL_COVERAGE";
}

}  // namespace decomp
