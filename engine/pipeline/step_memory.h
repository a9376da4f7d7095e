#pragma once
// Does the original fit into memory? Asked before it is built, of meta tensors (python_bridge/estimate.py).

#include "decomp/finding.h"
#include "pipeline/step_context.h"

namespace decomp {

// The machine cannot judge the step; `finding` says why.
struct StepUndecided {
  Finding finding;
};

// A model of one file and of what that imports: throws StepUndecided where it needs more than a job may have.
void judge_memory_of(Session& session, const JobSpec& job, const Facts& facts, const SideFile& root, const std::vector<SideFile>& others,
                     const std::string& class_name);

// Throws StepUndecided where the original needs more than a job may have. Silent where the estimate cannot be made: then the run tells.
void judge_memory(StepContext& step);

}  // namespace decomp
