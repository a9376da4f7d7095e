#pragma once
// The rules of a whole decomposition (RULES §5, §6) over what its steps recorded: names and duplicates of kernels, levels. A step that
// stands alone is judged by the same rules as far as it can show them.

#include <vector>

#include "checks/kernel_fixes.h"
#include "pipeline/evidence.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// `report.steps` and `evidence` belong to `steps`, in this order. Findings about a component go to the first step that uses it, others to
// the report. Where CheckOptions::workspace_rules is off all of them are notes.
// `fixes`, where given, gets what would mend the names and the duplicates of each decomposition that has any.
void judge_decompositions(Session& session, const std::vector<StepFiles>& steps, const std::vector<StepEvidence>& evidence, Report& report,
                          std::vector<KernelFixes>* fixes = nullptr);

}  // namespace decomp
