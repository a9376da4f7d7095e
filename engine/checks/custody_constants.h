#pragma once
// Constants of a module: names that one statement binds to a number, a text or a tuple of these, and what they are worth. To custody
// `batch_size = 10 ... torch.rand(batch_size, 3)` and `torch.rand(10, 3)` are the same.

#include <map>
#include <optional>
#include <string>

#include "checks/grammar_names.h"
#include "core/facts.h"

namespace decomp {

// Of a literal as the facts have it, {"kind": "int", "value": "10"}; of a tuple {"kind": "tuple", "items": [...]}.
using Constants = std::map<std::string, Json>;

// What an expression is worth: literals, names in `constants` that `scopes` finds in the module, tuples, and arithmetic of numbers
// whose result is a 64-bit integer or a float64. Nothing for any other.
std::optional<Json> constant_value(const Node& expression, const Constants& constants, const Scopes& scopes);

}  // namespace decomp
