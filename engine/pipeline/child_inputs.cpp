#include "pipeline/child_inputs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace decomp {

void reconcile_child_inputs(std::vector<StepReport>& steps) {
  auto root_of = [](const StepReport& step) {  // the decomposition, or the step itself where it stands alone
    std::filesystem::path steps_folder = std::filesystem::path(step.path).parent_path();
    return steps_folder.filename() == "steps" ? steps_folder.parent_path().string() : step.path;
  };
  std::map<std::string, std::set<std::string>> seen;
  for (const StepReport& step : steps)
    seen[root_of(step)].insert(step.children_with_true_inputs.begin(), step.children_with_true_inputs.end());
  for (StepReport& step : steps) {
    bool changed = false;
    for (Finding& f : step.findings)
      if (f.rule == "custody-child-inputs" && seen[root_of(step)].count(std::filesystem::path(f.where.file).stem().string()) != 0) {
        f.severity = Severity::note;
        changed = true;
      }
    bool error = std::any_of(step.findings.begin(), step.findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
    if (changed && !error && step.status == Status::fail) step.status = step.anticheat_skipped ? Status::skipped : Status::pass;
  }
}

}  // namespace decomp
