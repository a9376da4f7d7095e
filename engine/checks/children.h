#pragma once
// What the tape says about the children of a step (RULES §4, §5): every file runs, each does strictly less than its parent.

#include <set>
#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/facts.h"
#include "core/tape.h"
#include "decomp/finding.h"

namespace decomp {

// `files`: import names of the files in children/. A finding's file is such a name, or "" for the refactored file.
std::vector<Finding> check_children(const Tape& refactored, const std::vector<ModuleInstance>& modules,
                                    const std::set<std::string>& files);

// Could the component's code take two ways: a branch, a loop, a conditional expression, state outside its own weights, a
// default that can change? A component that cannot does the same wherever it runs.
bool may_vary(const Facts& facts);

// Does a file import what no tensor computation needs to give the same answer twice: clocks, Python's own random, the system?
bool imports_outside_world(const Facts& facts);

// Does any function but __init__ name this attribute (`self.<name>`, `x.<name>`)?
bool mentions_attribute(const Facts& facts, std::string_view name);

}  // namespace decomp
