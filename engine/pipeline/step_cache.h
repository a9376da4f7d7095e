#pragma once
// Verdicts of steps that were judged before: the same bytes, options, programs and kind of machine.

#include <optional>
#include <string>

#include "pipeline/evidence.h"
#include "pipeline/step_context.h"

namespace decomp {

// True when the step need not run: its report and `evidence` are those of the earlier call. Its sources have been read.
bool recall_step(StepContext& step, StepEvidence& evidence);

// Keeps what was found, if another run would find it, too: a pass or a fail in a whole sandbox, and nothing that the machine's load or
// memory has a part in.
void keep_step(const StepContext& step, const StepEvidence& evidence);

}  // namespace decomp
