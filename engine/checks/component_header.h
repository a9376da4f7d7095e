#pragma once
// The header docstring of a component: the level and the tensors that it declares, against what ran. Text that cannot be read as a
// shape or dtype is a note, never an error.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

// "- x: [2, 64, 256] dtype=float32"
struct DeclaredTensor {
  std::string name;
  std::optional<std::vector<std::optional<std::int64_t>>> shape;  // absent: unreadable; a dimension that is no number is free
  std::string dtype;                                              // "float32"; "" where none is declared
  int line = 0;
};

struct ComponentHeader {
  bool present = false;
  std::vector<DeclaredTensor> inputs, outputs, weights;
};

// Of the module's docstring: the sections "Input Shapes:", "Output Shapes:", "Weight Shapes:" and their lists.
ComponentHeader read_header(const Facts& facts);

struct RanTensor {
  std::string name;  // weights: the key below the component; else where it lay: "output[0]"
  std::vector<std::int64_t> shape;
  std::string dtype;
};

struct RanTensors {
  std::vector<RanTensor> inputs, outputs, weights;  // flattened, in order
};

// Rules component-header (untrue: an error) and component-header-unread (absent, unreadable or incomplete: a note).
std::vector<Finding> check_header(const ComponentHeader& header, const RanTensors& ran, const std::string& file);

// "float32 [2, 64, 256]"
std::string text_of(const RanTensor& tensor);

}  // namespace decomp
