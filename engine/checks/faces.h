#pragma once
// A child that does one thing in one call and another in the next, while a sibling makes up for it.

#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"
#include "decomp/finding.h"

namespace decomp {

// Work that moves between two files from call to call: one runs an operation in some of its calls only, and the other,
// which runs it elsewhere, is called for nothing. A finding's file is the import name of a file in children/.
std::vector<Finding> check_faces(const Tape& refactored, const std::vector<ModuleInstance>& modules);

}  // namespace decomp
