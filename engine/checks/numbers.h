#pragma once
// The numbers that stand in a model's operations: epsilons, scales, bounds.

#include <set>
#include <string>

#include "core/tape.h"

namespace decomp {

// Numbers with a fraction, seven digits each, that arithmetic of the refactored tape has as an argument and no operation of the
// original's. Only results that reach an output count; `composed`: entries of declared equivalences, which bring their own.
std::set<std::string> foreign_numbers(const Tape& original, const Tape& refactored, const std::set<std::size_t>& composed);

}  // namespace decomp
