#pragma once
// Components whose models are the same code and whose get_inputs(), get_init_inputs() and get_input_kwargs() are written in two ways:
// where these return the same values, under every seed of the trials and one of the host's, both are one component (RULES §5).

#include <vector>

#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// Runs those functions where two files of one decomposition, or one and the source model, differ in nothing else, and tells the session
// which are one. Whatever cannot be run is left as it is.
void equate_components(Session& session, const std::vector<StepFiles>& steps);

}  // namespace decomp
