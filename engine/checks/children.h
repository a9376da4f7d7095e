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
std::vector<Finding> check_children(const Tape& original, const Tape& refactored, const std::vector<ModuleInstance>& modules,
                                    const std::set<std::string>& files);

// Isolated replay (RULES §5): the operations of `alone`, the tape of a component's file that ran on what its instance `component`
// received first, against those of the instance itself in `inside`. The first operation that one has and the other lacks, as a
// phrase; "" when they agree: exactly after one call, and at least those of the replay after several.
std::string replay_departs(const Tape& alone, const Tape& inside, const std::vector<ModuleInstance>& modules,
                           const std::string& component);

// Could the component's code take two ways: a branch, a loop, a conditional expression, state outside its own weights, a
// default that can change? A component that cannot does the same wherever it runs.
bool may_vary(const Facts& facts);

// Does a file import what no tensor computation needs to give the same answer twice: clocks, Python's own random, the system?
bool imports_outside_world(const Facts& facts);

// Does any function but __init__ name this attribute (`self.<name>`, `x.<name>`)?
bool mentions_attribute(const Facts& facts, std::string_view name);

}  // namespace decomp
