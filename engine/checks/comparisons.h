#pragma once
// Comparisons of data are conserved (RULES §4): a mask that is never true in a trial is as much a part of the model as one that is.

#include <set>
#include <vector>

#include "checks/conservation.h"

namespace decomp {

// Comparisons whose operands come from inputs or weights and whose results reach an output. Each must have a counterpart on the
// other side: the same relation to the same number, and the same result. `conservation`: of the same two tapes; what its declared
// equivalences took together needs no counterpart. Findings are without file.
std::vector<Finding> check_comparisons(const Tape& original, const Tape& refactored, const ConservationResult& conservation,
                                       const std::vector<ModuleInstance>& original_modules,
                                       const std::vector<ModuleInstance>& refactored_modules);

}  // namespace decomp
