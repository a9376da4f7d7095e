#pragma once
// What the steps of a decomposition recorded, in the form that the checks of its tree and its coverage take.

#include <vector>

#include "checks/coverage_chain.h"
#include "checks/tree.h"
#include "pipeline/recorded_components.h"

namespace decomp {

// Steps that did not run are left out. `model`: of the source, "" where it is not known.
TreeFacts tree_facts(Session& session, CodeForms& forms, const GroupSteps& steps, const std::vector<CustodyFile>& levels, const std::string& model);

// The steps' runs for cover_chain(); a child is a kernel if its code is that of a file in level_0_kernel/.
std::vector<RecordedStep> coverage_steps(CodeForms& forms, const GroupSteps& steps, const std::vector<CustodyFile>& levels);

}  // namespace decomp
