#include "checks/custody_constants.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <variant>

namespace decomp {
namespace {

using Number = std::variant<std::int64_t, double>;

// A float's shortest text that reads back exactly: one float, one text.
Json float_constant(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return {{"kind", "float"}, {"value", std::string(text, end.ptr)}};
}

Json json_of(const Number& number) {
  if (const double* value = std::get_if<double>(&number)) return float_constant(*value);
  return {{"kind", "int"}, {"value", std::to_string(std::get<std::int64_t>(number))}};
}

std::optional<Number> number_in(const std::optional<Json>& constant) {
  if (!constant || !constant->contains("value") || !constant->at("value").is_string()) return std::nullopt;
  const std::string text = constant->at("value").get<std::string>();
  if (constant->at("kind") == "float") return std::strtod(text.c_str(), nullptr);
  std::int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (constant->at("kind") != "int" || end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

double as_float(const Number& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

// Integers whose quotient or sum as float64 would be rounded are left alone, and what divides by zero.
std::optional<Number> calculate(const std::string& op, const Number& a, const Number& b) {
  const auto *x = std::get_if<std::int64_t>(&a), *y = std::get_if<std::int64_t>(&b);
  if (x != nullptr && y != nullptr && op != "Div") {
    std::int64_t result = 0;
    if (op == "Add" && !__builtin_add_overflow(*x, *y, &result)) return result;
    if (op == "Sub" && !__builtin_sub_overflow(*x, *y, &result)) return result;
    if (op == "Mult" && !__builtin_mul_overflow(*x, *y, &result)) return result;
    if (op == "FloorDiv" && *x >= 0 && *y > 0) return *x / *y;
    if (op == "Mod" && *x >= 0 && *y > 0) return *x % *y;
    if (op == "Pow" && *y >= 0 && *y < 64) {
      result = 1;
      for (std::int64_t i = 0; i < *y; ++i)
        if (__builtin_mul_overflow(result, *x, &result)) return std::nullopt;
      return result;
    }
    return std::nullopt;
  }
  constexpr double exact = 9007199254740992.0;  // 2^53
  const double p = as_float(a), q = as_float(b);
  if ((x != nullptr && std::fabs(p) > exact) || (y != nullptr && std::fabs(q) > exact)) return std::nullopt;
  if (op == "Add") return p + q;
  if (op == "Sub") return p - q;
  if (op == "Mult") return p * q;
  if (op == "Div" && q != 0) return p / q;
  return std::nullopt;
}

}  // namespace

std::optional<Json> constant_value(const Node& expression, const Constants& constants, const Scopes& scopes) {
  if (expression.is("Constant")) {
    const Json& value = *expression.raw("value");
    if (value.contains("surrogates")) return std::nullopt;
    const auto number = value.value("kind", "") == "float" ? number_in(value) : std::nullopt;
    return number ? json_of(*number) : value;
  }
  if (expression.is("Name")) {
    const std::string id = expression.text("id");
    const auto found = constants.find(id);
    return expression.raw("ctx") == nullptr && found != constants.end() && scopes.is_global(id) ? std::optional(found->second) : std::nullopt;
  }
  if (expression.is("Tuple") && expression.raw("ctx") == nullptr) {
    Json items = Json::array();
    for (const Node& part : expression.list("elts")) {
      auto item = constant_value(part, constants, scopes);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return Json{{"kind", "tuple"}, {"items", std::move(items)}};
  }
  if (expression.is("UnaryOp")) {
    const auto number = number_in(constant_value(expression.child("operand"), constants, scopes));
    const std::string op = expression.text("op");
    if (!number || (op != "USub" && op != "UAdd")) return std::nullopt;
    if (op == "UAdd") return json_of(*number);
    if (const double* value = std::get_if<double>(&*number)) return float_constant(-*value);
    const auto minus = calculate("Sub", std::int64_t{0}, *number);
    return minus ? std::optional(json_of(*minus)) : std::nullopt;
  }
  if (expression.is("BinOp")) {
    const auto left = number_in(constant_value(expression.child("left"), constants, scopes));
    const auto right = number_in(constant_value(expression.child("right"), constants, scopes));
    if (!left || !right) return std::nullopt;
    const auto result = calculate(expression.text("op"), *left, *right);
    return result ? std::optional(json_of(*result)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace decomp
