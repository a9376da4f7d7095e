#pragma once
// Float buffers that hold one value throughout: a scale of ones, a temperature.

#include "pipeline/step_context.h"

namespace decomp {

// Permuting such buffers, as the trials do, changes nothing; so two of them could be exchanged by the map, or one ignored,
// unseen. Here both models run once more with new values in all of them, and must agree (output-value). Values that the
// original does not accept show nothing.
void judge_constants(StepContext& step);

}  // namespace decomp
