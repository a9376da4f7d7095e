#pragma once
// One trial of a step: which inputs, under which seed.

#include "pipeline/step_context.h"

namespace decomp {

// Runs both sides, compares, and on the first trial judges the tapes. Adds findings. `tentative`: the trial does not count,
// and false is returned, when the original raises an exception or returns something that is not finite.
bool run_trial(StepContext& step, const Trial& trial, bool tentative = false);

// After a difference: does the original give the same answer again, in a fresh process? If not, it is nondeterministic.
void judge_determinism(StepContext& step, const Trial& trial, const Value& answer);

}  // namespace decomp
