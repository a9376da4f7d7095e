#pragma once
// What get_expected_output_shape() declares, against the tensors that a component returned: its leaves, flattened, in order.

#include <cstdint>
#include <optional>
#include <vector>

#include "checks/component_header.h"
#include "core/json.h"
#include "decomp/finding.h"

namespace decomp {

using Shapes = std::vector<std::vector<std::int64_t>>;

// From the value's wire tree (tensor/value.h): a list of shapes, or one shape alone. Nothing for any other value.
std::optional<Shapes> declared_shapes(const Json& value);

// Rule component-output-shape. A list that stops early is a note.
std::vector<Finding> check_output_shapes(const Shapes& declared, const std::vector<RanTensor>& outputs, const Location& where);

}  // namespace decomp
