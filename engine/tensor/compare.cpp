#include "tensor/compare.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "core/wire.h"
#include "tensor/dtype.h"
#include "tensor/element_text.h"
#include "tensor/elements.h"

namespace decomp {
namespace {

// Four units in the last place: what one reordered short sum or one fused multiply-add leaves, and the bound that
// GoogleTest's floating-point assertions use. More than that deserves to be called a tolerance.
constexpr std::uint64_t max_ulp_of_grade = 4;

double representable(double value) { return std::min(value, std::numeric_limits<double>::max()); }

std::vector<std::int64_t> unravel(std::int64_t flat, const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> index(shape.size());
  for (std::size_t i = shape.size(); i-- > 0;) {
    index[i] = flat % shape[i];
    flat /= shape[i];
  }
  return index;
}

// Two arrays of one dtype and shape. `comparison` holds path, dtype, shape and tolerance.
void compare_arrays(OutputComparison& comparison, at::ScalarType type, const void* expected, const void* actual) {
  const DtypeInfo& info = dtype_info(type);
  const std::int64_t count = comparison.elements;
  if (is_floating(info.kind)) comparison.all_nan = all_nan(type, expected, count);
  if (equal_bytes(expected, actual, static_cast<std::uint64_t>(count) * info.bytes)) {
    comparison.pass = true;
    comparison.grade = Grade::bit_exact;
    return;
  }
  const ElementStats stats = compare_elements(type, expected, actual, count, comparison.tolerance);
  comparison.mismatches = stats.mismatches;
  comparison.nonfinite_mismatches = stats.nonfinite_mismatches;
  comparison.max_abs = representable(stats.max_abs);
  comparison.max_rel = representable(stats.max_rel);
  comparison.max_ulp = stats.max_ulp;
  if (stats.finite_pairs > 0)
    comparison.mean_abs = representable(stats.sum_abs / static_cast<double>(stats.finite_pairs));
  if (stats.finite_expected > 0)
    comparison.expected_rms = representable(std::sqrt(stats.sum_squares / static_cast<double>(stats.finite_expected)));
  if (stats.worst >= 0) {
    const auto at = static_cast<std::uint64_t>(stats.worst) * info.bytes;
    const void* e = static_cast<const std::byte*>(expected) + at;
    const void* a = static_cast<const std::byte*>(actual) + at;
    comparison.worst_index = unravel(stats.worst, comparison.shape);
    comparison.expected_value = element_text(type, e);
    comparison.actual_value = element_text(type, a);
    const ElementStats worst = compare_elements(type, e, a, 1, comparison.tolerance);
    comparison.worst_abs = representable(worst.max_abs);
    comparison.worst_rel = representable(worst.max_rel);
    comparison.worst_ulp = worst.max_ulp;
  }
  if (is_floating(info.kind)) {
    const Tolerance tolerance = comparison.tolerance;
    comparison.capped_atol = std::min(tolerance.atol, tolerance.rtol * comparison.expected_rms);
    comparison.capped_mismatches =
        comparison.capped_atol < tolerance.atol
            ? compare_elements(type, expected, actual, count, {tolerance.rtol, comparison.capped_atol}).mismatches
            : stats.mismatches;
  }
  comparison.pass = stats.mismatches == 0;
  if (!comparison.pass)
    comparison.grade = Grade::different;
  else if (!is_floating(info.kind))
    comparison.grade = Grade::bit_exact;  // bools of different non-zero bytes
  else
    comparison.grade = stats.max_ulp <= max_ulp_of_grade ? Grade::ulp : Grade::within_tolerance;
}

// --- trees
// -----------------------------------------------------------------------------------------------------------------

std::string kind_text(const Value& value) {
  switch (value.kind) {
    case Value::Kind::tensor:
      return "a tensor";
    case Value::Kind::list:
      return "a list";
    case Value::Kind::tuple:
      return "a tuple";
    case Value::Kind::namedtuple:
      return "a named tuple (" + value.type + ")";
    case Value::Kind::dataclass:
      return "a dataclass (" + value.type + ")";
    case Value::Kind::dict:
      return "a dict";
    case Value::Kind::none:
      return "None";
    case Value::Kind::boolean:
      return "a bool";
    case Value::Kind::integer:
      return "an int";
    case Value::Kind::real:
      return "a float";
    case Value::Kind::complex:
      return "a complex";
    case Value::Kind::string:
      return "a str";
    case Value::Kind::other:
      return "a torch." + value.type;
  }
  return "unknown";
}

// A dict key of the wire form as Python writes it, or a field's name in quotes.
std::string key_text(const std::string& key) {
  if (key == "n:") return "None";
  if (key == "b:true") return "True";
  if (key == "b:false") return "False";
  if (key.rfind("i:", 0) == 0) return wire::clipped(key.substr(2), 80);
  return "'" + wire::clipped(key.rfind("s:", 0) == 0 ? key.substr(2) : key, 80) + "'";
}

std::string item_path(const Value& container, std::size_t i, const std::string& path) {
  switch (container.kind) {
    case Value::Kind::dict:
      return path + "[" + key_text(container.keys[i]) + "]";
    case Value::Kind::namedtuple:
    case Value::Kind::dataclass:
      return path + "." + wire::clipped(container.keys[i], 80);
    default:
      return path + "[" + std::to_string(i) + "]";
  }
}

std::string listed(const std::vector<std::string>& keys) {
  std::string text;
  for (std::size_t i = 0; i < keys.size() && i < 8; ++i) text += (i == 0 ? "" : ", ") + key_text(keys[i]);
  return keys.size() > 8 ? text + ", ..." : text;
}

std::vector<std::string> missing_from(const std::vector<std::string>& keys, const std::vector<std::string>& other) {
  std::vector<std::string> sorted = other;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> missing;
  for (const std::string& key : keys)
    if (!std::binary_search(sorted.begin(), sorted.end(), key)) missing.push_back(key);
  return missing;
}

class TreeComparer {
 public:
  explicit TreeComparer(const TolerancePolicy& policy) : policy_(policy) {}

  void compare(const Value& e, const Value& a, const std::string& path) {
    if (e.kind != a.kind || (e.kind == Value::Kind::other && e.type != a.type)) {
      mismatch("output-structure", path,
               "is " + kind_text(e) + " in the original and " + kind_text(a) + " in the refactored model");
      return;
    }
    switch (e.kind) {
      case Value::Kind::tensor:
        return compare_tensors(e.tensor, a.tensor, path);
      case Value::Kind::list:
      case Value::Kind::tuple:
      case Value::Kind::namedtuple:
      case Value::Kind::dataclass:
      case Value::Kind::dict:
        return compare_containers(e, a, path);
      case Value::Kind::none:
        return;
      default:
        return compare_scalars(e, a, path);
    }
  }

  ValueComparison take() { return std::move(result_); }

 private:
  void mismatch(const char* rule, const std::string& path, const std::string& what) {
    result_.structural.push_back({rule, path, path + " " + what});
  }

  void compare_containers(const Value& e, const Value& a, const std::string& path) {
    if (e.keys != a.keys) {
      const auto missing = missing_from(e.keys, a.keys);
      const auto extra = missing_from(a.keys, e.keys);
      if (!missing.empty() || !extra.empty()) {
        mismatch("output-structure", path,
                 "has other keys:" + (missing.empty() ? "" : " the refactored model lacks " + listed(missing)) +
                     (!missing.empty() && !extra.empty() ? " and" : "") +
                     (extra.empty() ? "" : " the original lacks " + listed(extra)));
      } else {
        mismatch("output-structure", path,
                 "has its keys in another order: " + listed(e.keys) + " in the original, " + listed(a.keys) +
                     " in the refactored model");
      }
      return;
    }
    if (e.items.size() != a.items.size()) {
      mismatch("output-structure", path,
               "has " + std::to_string(e.items.size()) + " items in the original and " +
                   std::to_string(a.items.size()) + " in the refactored model");
      return;
    }
    for (std::size_t i = 0; i < e.items.size(); ++i) compare(e.items[i], a.items[i], item_path(e, i, path));
  }

  void compare_tensors(const at::Tensor& e, const at::Tensor& a, const std::string& path) {
    if (!e.is_contiguous() || !a.is_contiguous())
      throw std::logic_error(path + ": compare_values needs contiguous tensors");
    const std::vector<std::int64_t> shape = e.sizes().vec();
    const bool same_type = e.scalar_type() == a.scalar_type();
    const bool same_shape = e.sizes() == a.sizes();
    if (!same_type)
      mismatch("output-dtype", path,
               "is " + dtype_name(e.scalar_type()) + " in the original and " + dtype_name(a.scalar_type()) +
                   " in the refactored model");
    if (!same_shape)
      mismatch("output-shape", path,
               "has shape " + wire::shape_text(shape) + " in the original and " + wire::shape_text(a.sizes().vec()) +
                   " in the refactored model");
    if (!same_type || !same_shape) return;
    OutputComparison& comparison = add(path, dtype_name(e.scalar_type()));
    comparison.shape = shape;
    comparison.elements = e.numel();
    comparison.tolerance = policy_.of(e.scalar_type());
    compare_arrays(comparison, e.scalar_type(), e.const_data_ptr(), a.const_data_ptr());
  }

  void compare_scalars(const Value& e, const Value& a, const std::string& path) {
    OutputComparison& comparison = add(path, scalar_type(e));
    comparison.elements = 1;
    if (e.kind == Value::Kind::real || e.kind == Value::Kind::complex) {
      const bool is_complex = e.kind == Value::Kind::complex;
      const at::ScalarType type = is_complex ? at::kComplexDouble : at::kDouble;
      comparison.tolerance = policy_.of(type);
      compare_arrays(comparison, type, numbers(e).data(), numbers(a).data());
      return;
    }
    comparison.pass = e.text == a.text;
    if (comparison.pass) {
      comparison.grade = Grade::bit_exact;
      return;
    }
    comparison.mismatches = 1;
    comparison.expected_value = shown(e);
    comparison.actual_value = shown(a);
  }

  static std::string scalar_type(const Value& value) {
    switch (value.kind) {
      case Value::Kind::boolean:
        return "bool";
      case Value::Kind::integer:
        return "int";
      case Value::Kind::real:
        return "float";
      case Value::Kind::complex:
        return "complex";
      case Value::Kind::string:
        return "str";
      default:
        return "torch." + value.type;
    }
  }

  static std::string shown(const Value& value) {
    std::string text = wire::clipped(value.text, 80);
    if (value.kind == Value::Kind::boolean) text = value.text == "true" ? "True" : "False";
    return value.kind == Value::Kind::string ? "'" + text + "'" : text;
  }

  static std::array<double, 2> numbers(const Value& value) {
    const std::size_t space = value.text.find(' ');
    const auto first = wire::real(value.text.substr(0, space));
    const auto second =
        space == std::string::npos ? std::optional<double>(0.0) : wire::real(value.text.substr(space + 1));
    assert(first && second);  // decode_value checked them
    return {*first, *second};
  }

  OutputComparison& add(const std::string& path, std::string dtype) {
    OutputComparison& comparison = result_.outputs.emplace_back();
    comparison.path = path;
    comparison.dtype = std::move(dtype);
    return comparison;
  }

  const TolerancePolicy& policy_;
  ValueComparison result_;
};

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

}  // namespace

bool ValueComparison::pass() const {
  return structural.empty() && std::all_of(outputs.begin(), outputs.end(), [](const auto& o) { return o.pass; });
}

Grade ValueComparison::grade() const {
  if (!structural.empty()) return Grade::different;
  Grade worst = Grade::bit_exact;
  for (const OutputComparison& output : outputs) worst = std::max(worst, output.grade);
  return worst;
}

ValueComparison compare_values(const Value& expected, const Value& actual, const TolerancePolicy& policy,
                               const std::string& root) {
  TreeComparer comparer(policy);
  comparer.compare(expected, actual, root);
  return comparer.take();
}

std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::bit_exact:
      return "bit_exact";
    case Grade::ulp:
      return "ulp";
    case Grade::within_tolerance:
      return "within_tolerance";
    case Grade::different:
      return "different";
  }
  return "different";
}

std::string describe(const OutputComparison& c) {
  const bool number = c.dtype != "str" && c.dtype != "bool" && c.dtype.rfind("torch.", 0) != 0;
  const bool floating = c.dtype.find("float") != std::string::npos || c.dtype.rfind("complex", 0) == 0;
  const bool scalar = c.dtype == "int" || c.dtype == "float" || c.dtype == "complex" || !number;
  std::string text = c.path + " " + c.dtype + (scalar && c.shape.empty() ? "" : " " + wire::shape_text(c.shape)) + ": ";
  if (c.grade == Grade::bit_exact) return text + (c.elements == 0 ? "equal (no elements)" : "bit-exact");
  const std::string elements = std::to_string(c.elements) + (c.elements == 1 ? " element" : " elements");
  if (c.pass)
    text += c.elements == 1 ? "close" : "all " + elements + " close";
  else
    text += std::to_string(c.mismatches) + " of " + elements + (c.elements == 1 ? " differs" : " differ");
  if (c.nonfinite_mismatches > 0)
    text += " (" + std::to_string(c.nonfinite_mismatches) + " NaN or infinite on one side only)";
  if (!c.expected_value.empty()) {
    text += c.pass ? "; largest difference" : c.elements == 1 ? "" : "; worst";
    text += (c.worst_index.empty() ? (c.pass || c.elements > 1 ? ":" : ";")
                                   : " at " + wire::shape_text(c.worst_index) + ":");
    text += " expected " + c.expected_value + ", got " + c.actual_value;
    if (number && c.worst_abs > 0) {
      text += " (abs " + short_number(c.worst_abs);
      if (c.worst_rel > 0) text += ", rel " + short_number(c.worst_rel);
      if (floating) text += ", " + std::to_string(c.worst_ulp) + " ulp";
      text += ")";
    }
  } else if (c.pass) {
    text += "; only the sign of zeros or the payload of NaNs differs";
  }
  if (floating) text += "; rtol " + short_number(c.tolerance.rtol) + " atol " + short_number(c.tolerance.atol);
  return text;
}

}  // namespace decomp
