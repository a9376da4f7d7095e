#pragma once
// The numbers that stand in a model's arithmetic: epsilons, scales, bounds.

#include <optional>
#include <set>
#include <string>

#include "core/tape.h"

namespace decomp {

struct ReplacedNumber {
  std::string original, refactored;  // seven digits
};

// A number with a fraction that only the refactored tape's arithmetic has, where only the original's has one of its size (a tenth
// to ten times) that is not its reciprocal. Only results that reach an output count; `composed`: entries of declared
// equivalences, which bring their own.
std::optional<ReplacedNumber> replaced_number(const Tape& original, const Tape& refactored, const std::set<std::size_t>& composed);

// A tiny number (at most 1e-3) that arithmetic adds to floating data on one side, or that an operation of the original takes as its
// `eps`, and that no operation has on the other: an epsilon makes no difference until something is zero. `count`: it must be added as often, too.
struct LostEpsilon {
  std::string number;    // seven digits
  bool of_original;      // the original has it
};
std::optional<LostEpsilon> lost_epsilon(const Tape& original, const Tape& refactored, bool count);

}  // namespace decomp
