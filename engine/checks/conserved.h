#pragma once
// What is conserved of one operation (RULES §4): which calls count, and by what besides their value they are told apart.

#include <map>
#include <string>

#include "core/tape.h"

namespace decomp {

// A compute operation, or arithmetic that stands for one: powers with a tensor or a fractional exponent, remainders.
bool is_conserved(const TapeEntry& entry);

// Operation with its scalar arguments in one spelling: "softmax dim=-1", "clamp min=0 max=inf".
std::string conserved_signature(const TapeEntry& entry);

// How often each conserved operation runs, by signature, result dtype and number of elements.
std::map<std::string, int> conserved_counts(const Tape& tape);

}  // namespace decomp
