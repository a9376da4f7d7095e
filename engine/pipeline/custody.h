#pragma once
// Custody of the decompositions among the steps of one call: reads their sources and level folders, judges the chain of
// their steps (checks/custody_chain.h), and puts what it finds into the report.

#include <vector>

#include "decomp/report.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// Throws Error(usage) where CheckOptions::source cannot be meant: no such file, no decomposition among the steps, or
// several.
void validate_source(const CheckOptions& options, const std::vector<StepFiles>& steps);

// `report.steps` are the reports of `steps`, in this order. Steps that no decomposition was found around stay as they
// are: their original is their source. Nothing is parsed twice.
void judge_custody(Session& session, const std::vector<StepFiles>& steps, Report& report);

}  // namespace decomp
