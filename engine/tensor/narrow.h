#pragma once
// A smaller run of the same model: the first sample of a batch.

#include <cstdint>

#include "core/json.h"

namespace decomp {

// The wire trees {"args", "kwargs"} with the first entry along dimension 0 of every tensor that is as long there as the first
// tensor of all; the tensors lie where they lay. Null when there is no such dimension, or it is 1 long.
Json first_sample(const Json& trees);

}  // namespace decomp
