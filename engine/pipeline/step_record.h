#pragma once
// One run of a step's two models on the same weights and inputs, recorded and not judged: who ran what, called from which line.

#include <optional>
#include <vector>

#include "checks/coverage_chain.h"
#include "core/source.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

struct StepRecord {
  std::vector<Finding> findings;     // why there is no run
  bool undecided = false;            // for want of memory
  std::optional<RecordedStep> step;  // without identities
  std::optional<Source> original;
  std::vector<Source> children;      // as step->children
};

// Never throws for what the workspace holds. Throws Error(infrastructure).
StepRecord record_step(Session& session, const StepFiles& files);

}  // namespace decomp
