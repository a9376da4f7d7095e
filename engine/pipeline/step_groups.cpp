#include "pipeline/step_groups.h"

#include <algorithm>
#include <map>

namespace fs = std::filesystem;

namespace decomp {

std::vector<StepGroup> decompositions_of(const std::vector<StepFiles>& steps) {
  std::vector<StepGroup> groups;
  std::map<fs::path, std::size_t> group_at;
  std::map<fs::path, std::pair<std::size_t, std::size_t>> step_at;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].decomposition) continue;
    const DecompositionFolder& folder = *steps[i].decomposition;
    const auto [group, fresh] = group_at.emplace(folder.root, groups.size());
    if (fresh) groups.push_back({folder, {}});
    auto& places = groups[group->second].steps;
    const auto [step, first] =
        step_at.emplace(folder.root / "steps" / steps[i].root.filename(), std::pair{group->second, places.size()});
    if (first) places.emplace_back();
    places[step->second.second].push_back(i);
  }
  return groups;
}

std::vector<StepGroup> groups_of(const std::vector<StepFiles>& steps) {
  std::vector<StepGroup> groups = decompositions_of(steps);
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (!steps[i].decomposition) groups.push_back({std::nullopt, {{i}}});
  return groups;
}

void add_to_step(StepReport& step, const std::vector<Finding>& findings, bool undecided) {
  step.findings.insert(step.findings.end(), findings.begin(), findings.end());
  if (step.status != Status::pass) return;
  const auto is_error = [](const Finding& finding) { return finding.severity == Severity::error; };
  if (undecided)
    step.status = Status::not_decided;
  else if (std::any_of(findings.begin(), findings.end(), is_error))
    step.status = Status::fail;
}

}  // namespace decomp
