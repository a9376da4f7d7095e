#pragma once
// Operations that do nothing in evaluation and something in training: a refactored model may leave one out, never add or change one.

#include <vector>

#include "core/tape.h"
#include "decomp/finding.h"

namespace decomp {

// Each dropout (of any kind) on the refactored tape has one on the original's with the same probability; a loop may run one oftener.
// Findings are without file.
std::vector<Finding> check_dropouts(const Tape& original, const Tape& refactored);

}  // namespace decomp
