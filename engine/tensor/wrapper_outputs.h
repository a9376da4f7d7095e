#pragma once
// The outputs of a wrapper beside those of its native model, which may be an output class, a tuple or a tensor.

#include <string>
#include <vector>

#include "tensor/value.h"

namespace decomp {

struct OutputPair {
  std::string path;  // in what the native model returns
  const Value* native;
  const Value* wrapper;
};

struct AlignedOutputs {
  std::vector<OutputPair> pairs;
  std::vector<std::string> left_out;  // native paths that the wrapper does not return
  std::vector<std::string> unknown;   // wrapper paths that the native model does not return
};

// By name where both name their outputs (fields, keys), else in order; None is no output. The values must outlive the answer.
AlignedOutputs align_outputs(const Value& native, const Value& wrapper);

}  // namespace decomp
