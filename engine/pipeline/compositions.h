#pragma once
// The composition test of each decomposition (RULES §1, §6): found, judged as a step from the source model to its kernels, and held
// against what the steps proved.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/evidence.h"
#include "pipeline/session.h"
#include "pipeline/step_groups.h"
#include "pipeline/workspace.h"

namespace decomp {

// The composition test of a decomposition as a step; whether the file exists is not asked. `source`: the source model's file.
StepFiles composition_in(const DecompositionFolder& folder, const std::filesystem::path& source);

// One per decomposition that has the file. For the others `missing` gets a finding.
using NamedSource = std::function<std::filesystem::path(const DecompositionFolder&)>;  // "" where none is named
std::vector<StepFiles> find_compositions(const std::vector<StepFiles>& steps, const NamedSource& named_source, std::vector<Finding>& missing);

// Which kernels of the composition no step made, and which of the steps' kernels it leaves out: findings of `report`. `seen`: what its
// own run showed.
void judge_composition_kernels(Session& session, const std::vector<StepFiles>& steps, const std::vector<StepReport>& step_reports,
                               const StepFiles& composition, const StepEvidence& seen, StepReport& report);

}  // namespace decomp
