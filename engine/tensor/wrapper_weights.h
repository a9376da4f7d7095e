#pragma once
// Weights of a native model in a wrapper of it.

#include <string>
#include <vector>

#include "tensor/weights.h"

namespace decomp {

// Which prefix all names of one side have more than the other's: a wrapper that holds the model as an attribute adds "model.".
struct PrefixRule {
  std::string added;     // to the native names
  std::string stripped;  // from those of them that begin with it
  std::string apply(const std::string& native_key) const;
};

// The one under which most names agree in the last part, dtype and shape; nothing where the names agree as they are.
PrefixRule common_prefix(const ModelDescription& native, const ModelDescription& wrapper);

// map_weights() of what state_dict() holds, under the common prefix. Keys are those of the two models. `prefixed`: how many keys
// had the prefix only.
struct WrapperMap {
  WeightMap map;
  PrefixRule prefix;
  int native_parameters = 0, native_mapped = 0;    // tensors that are trained, by key
  int wrapper_parameters = 0, wrapper_mapped = 0;
  std::vector<std::string> native_left, wrapper_left;  // parameters and persistent buffers
  bool enough() const;  // over 95 % of the parameters of both sides
};
WrapperMap map_wrapper_weights(const ModelDescription& native, const ModelDescription& wrapper);

}  // namespace decomp
