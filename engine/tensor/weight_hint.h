#pragma once
// The WEIGHT_MAP of a composition test. It is its author's own: code of the test, which never runs, says how it is read. So it is
// a hint: what it can be read as is proved like any map, and where it proves nothing the map is found without it.

#include "tensor/weights.h"

namespace decomp {

struct WeightHint {
  std::optional<Source> map;   // in the form of weight_map.json; nothing where it cannot be read
  bool as_written = false;     // its lines are those of the file
};

// Read as it is, as one from refactored to original keys, or as one of modules ({"attn.c_attn": "qkv.linear"}: each tensor
// of the one goes to the tensor of that name in the other).
WeightHint read_weight_hint(const Source& literal, const ModelDescription& original, const ModelDescription& refactored);

}  // namespace decomp
