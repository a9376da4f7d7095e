#pragma once
// Reading and parsing, for the stages that judge sources.

#include <memory>
#include <vector>

#include "pipeline/step_context.h"

namespace decomp {

// The parsed file. Throws StepStop with a finding about it.
std::shared_ptr<const Facts> facts_of(StepContext& step, const Source& source);

// Adds what the grammar found in this file; equal files share their facts, so the place is set here.
void add_grammar(StepContext& step, std::vector<Finding> findings, const Source& source);

}  // namespace decomp
