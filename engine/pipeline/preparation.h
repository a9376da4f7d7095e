#pragma once
// Phase 0 inside a decomposition: steps/step_0_preparation/ says how the native model is built, the highest level folder has the wrapper.

#include <vector>

#include "decomp/report.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// A report for each of the steps' decompositions that has the folder: of verify_wrapper(), with the native model of its
// verify_wrapper.py (or original.py). What that script itself says is never believed.
std::vector<StepReport> judge_preparations(Session& session, const std::vector<StepFiles>& steps);

}  // namespace decomp
