#pragma once
// What one instance of a component received, owned, did and returned in one recorded run.

#include <cstdint>
#include <string>
#include <vector>

#include "core/tape.h"

namespace decomp {

struct TensorShape {
  std::string dtype;  // "float32"
  std::vector<std::int64_t> shape;
  bool operator==(const TensorShape&) const = default;
};

struct OwnedTensor {
  std::string key;   // below the component: "linear.weight"
  std::string kind;  // "parameter", "buffer", "attribute"
  std::vector<std::int64_t> shape;
  std::string dtype;
};

struct ComponentRun {
  std::string instance;  // module path in the refactored model
  std::vector<OwnedTensor> tensors;
  std::vector<TapeEntry> operations;          // over all its calls, in order
  int calls = 0;
  bool recorded = false;                      // the first call could be kept: what follows is known
  std::vector<TensorShape> inputs, outputs;   // its tensor leaves, in order
  bool sizes_are_data = false;                // another trial gave it other shapes;
  std::vector<TensorShape> steady_inputs;     // then -1 stands for the sizes that differ, else these are `inputs`
};

}  // namespace decomp
