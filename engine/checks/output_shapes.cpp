#include "checks/output_shapes.h"

#include <algorithm>
#include <cstdlib>

namespace decomp {
namespace {

constexpr std::int64_t data_size = -1;  // declared as None: the data decide it

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + (shape[i] == data_size ? std::string("None") : std::to_string(shape[i]));
  return text + "]";
}

bool agree(const std::vector<std::int64_t>& declared, const std::vector<std::int64_t>& ran) {
  return std::equal(declared.begin(), declared.end(), ran.begin(), ran.end(), [](std::int64_t d, std::int64_t r) { return d == data_size || d == r; });
}

std::optional<std::int64_t> number_in(const std::string& text) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::strtoll(text.c_str(), nullptr, 10);
}

// A sequence's items; nullptr for anything else.
const Json* items_of(const Json& node) {
  const std::string kind = node.value("k", "");
  return (kind == "list" || kind == "tuple") && node.contains("items") ? &node["items"] : nullptr;
}

std::optional<std::vector<std::int64_t>> shape_of(const Json& items) {
  std::vector<std::int64_t> shape;
  for (const Json& item : items) {
    if (item.value("k", "") == "none") {
      shape.push_back(data_size);
      continue;
    }
    if (item.value("k", "") != "int" || !item.contains("v") || !item["v"].is_string()) return std::nullopt;
    const auto number = number_in(item["v"].get<std::string>());
    if (!number) return std::nullopt;
    shape.push_back(*number);
  }
  return shape;
}

}  // namespace

std::optional<Shapes> declared_shapes(const Json& value) {
  const Json* items = items_of(value);
  if (items == nullptr) return std::nullopt;
  Shapes shapes;
  for (const Json& item : *items) {
    const Json* inner = items_of(item);
    const auto shape = inner != nullptr ? shape_of(*inner) : std::nullopt;
    if (!shape) {
      const auto alone = shape_of(*items);  // one shape, without a list around it
      return alone && !items->empty() ? std::optional(Shapes{*alone}) : std::nullopt;
    }
    shapes.push_back(*shape);
  }
  return shapes;
}

std::vector<Finding> check_output_shapes(const Shapes& declared, const std::vector<RanTensor>& outputs, const Location& where) {
  std::vector<Finding> findings;
  const std::string help = "Return the shapes of the output tensors, in order.";
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (i >= outputs.size()) {
      findings.push_back({"component-output-shape", Severity::error, where,
                          "get_expected_output_shape() declares " + std::to_string(declared.size()) + " tensors; the component returns " +
                              std::to_string(outputs.size()),
                          help});
      break;
    }
    if (!agree(declared[i], outputs[i].shape))
      findings.push_back({"component-output-shape", Severity::error, where,
                          "get_expected_output_shape() declares " + shape_text(declared[i]) + " for " + outputs[i].name + ", which is " +
                              shape_text(outputs[i].shape),
                          help});
  }
  if (declared.size() < outputs.size())
    findings.push_back({"component-output-shape", Severity::note, where,
                        "get_expected_output_shape() declares " + std::to_string(declared.size()) + " of " + std::to_string(outputs.size()) +
                            " output tensors",
                        help});
  return findings;
}

}  // namespace decomp
