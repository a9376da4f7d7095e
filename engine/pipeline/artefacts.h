#pragma once
// The artefacts of whole decompositions: the tree, the log, the reports that lie there, what is missing, and the coverage of the model by
// its kernels (RULES §1, §6). Nothing runs: what the steps recorded is evidence enough.

#include <vector>

#include "pipeline/evidence.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// `report.steps` and `evidence` belong to `steps`, in this order. Findings go to the report; steps that stand alone have no artefacts.
void judge_artefacts(Session& session, const std::vector<StepFiles>& steps, const std::vector<StepEvidence>& evidence, Report& report);

}  // namespace decomp
