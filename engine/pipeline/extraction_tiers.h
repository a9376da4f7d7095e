#pragma once
// What torch's own tools see of a model, each in a fork of its own (python_bridge/graphs.py): for the report only.

#include <vector>

#include "decomp/coverage_report.h"
#include "pipeline/components.h"
#include "pipeline/session.h"

namespace decomp {

// torch.fx, torch.compile, forward hooks; one that fails says why. Throws Error(infrastructure).
std::vector<ExtractionTier> extraction_tiers(Session& session, const std::vector<Component>& all, const Component& model);

}  // namespace decomp
