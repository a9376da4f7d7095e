#pragma once
// Many steps, and whole decompositions around them, judged within one session.

#include "pipeline/engine.h"
#include "pipeline/session.h"

namespace decomp {

// Judges what the request names; custody, names and levels over the steps of each decomposition. Once the request is interrupted no
// step is begun any more, and those that had not ended are not decided.
Report judge_steps(Session& session, const StepsRequest& request);

// A decomposition without steps (RULES §4): its source model is a kernel, which its own test shows to run. Anything else is an error.
void judge_without_steps(Session& session, const DecompositionFolder& folder, Report& report);

}  // namespace decomp
