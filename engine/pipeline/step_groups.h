#pragma once
// Which steps of one call belong to one decomposition.

#include <optional>
#include <vector>

#include "decomp/report.h"
#include "pipeline/workspace.h"

namespace decomp {

// The steps that are judged together, as places in the list of steps. A step that was named twice is in several places.
struct StepGroup {
  std::optional<DecompositionFolder> folder;  // none: one step that stands alone
  std::vector<std::vector<std::size_t>> steps;
};

std::vector<StepGroup> decompositions_of(const std::vector<StepFiles>& steps);

// The same, and every other step as a group of its own.
std::vector<StepGroup> groups_of(const std::vector<StepFiles>& steps);

// Adds findings to a step's report and what they mean to its status. `undecided`: it rests on what nobody could judge.
void add_to_step(StepReport& step, const std::vector<Finding>& findings, bool undecided);

}  // namespace decomp
