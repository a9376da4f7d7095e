#pragma once

#include <vector>

#include "decomp/report.h"

namespace decomp {

// One kernel file serves many places: its get_inputs() need to be those of one recorded call anywhere in its decomposition.
// Turns custody-child-inputs errors of steps into notes where another step of the same decomposition saw such a call.
void reconcile_child_inputs(std::vector<StepReport>& steps);

}  // namespace decomp
