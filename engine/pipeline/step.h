#pragma once
// The straight line of one step: read -> parse -> grammar -> describe -> weight map -> run both -> compare -> conservation.

#include "decomp/report.h"
#include "pipeline/evidence.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// Never throws for what the workspace holds. Throws Error(infrastructure) when the machine cannot decide.
// `evidence`: what the runs showed.
StepReport verify(Session& session, const StepFiles& files, StepEvidence& evidence);

}  // namespace decomp
