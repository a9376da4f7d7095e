#pragma once
// What the control flow of a file depends on besides the values of tensors: sizes, dtypes, memory, devices, modes. A trial sees one
// way of each such branch.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

enum class Quantity : unsigned {
  size = 1,      // of a dimension, or of all
  rank = 2,      // the number of dimensions
  dtype = 4,
  layout = 8,    // strides, contiguity
  device = 16,
  mode = 32,     // training or evaluation
  gradient = 64  // whether a tensor is a leaf
};

struct Decision {
  unsigned quantities = 0;  // of Quantity
  Location where;
  std::string text;  // the attribute that was asked, where it is the decision's own
};

struct Decisions {
  std::vector<Decision> list;
  std::set<std::int64_t> numbers;  // sizes at which a branch may turn: every whole number that the functions of the file can make

  const Decision* first(Quantity q) const {
    for (const Decision& d : list)
      if ((d.quantities & static_cast<unsigned>(q)) != 0) return &d;
    return nullptr;
  }
  bool on(Quantity q) const { return first(q) != nullptr; }
};

// Follows names, attributes of self, and functions of the file, each as one whatever the scope: too much may be found, nothing is
// missed that goes by a name. The template functions are left out. `x if x.is_contiguous() else x.contiguous()`, the statement of
// the same meaning, and strides that are handed to as_strided decide nothing.
Decisions decisions(const Facts& facts);

// The number that an expression of constants makes, also by way of len("..."), int("...") and ord("."); nothing for any other.
std::optional<double> folded_number(const Node& node);

// Branches on a tensor's memory, its device, or its place in the graph of gradients, which no trial can turn: an error each, unless the
// original decides by such a thing, too.
std::vector<Finding> refused_decisions(const Decisions& judged, const Decisions& original);

}  // namespace decomp
