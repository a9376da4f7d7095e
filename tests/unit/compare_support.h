#pragma once
// Short ways to compare two values in tests.

#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tensor/compare.h"
#include "tensor_support.h"

namespace decomp::test {

inline const double nan_value = std::numeric_limits<double>::quiet_NaN();
inline const double inf = std::numeric_limits<double>::infinity();

inline OutputComparison compare_one(const Value& e, const Value& a, const TolerancePolicy& policy = {}) {
  const ValueComparison result = compare_values(e, a, policy);
  REQUIRE(result.structural.empty());
  REQUIRE(result.outputs.size() == 1);
  CHECK(result.pass() == result.outputs[0].pass);
  CHECK(result.grade() == result.outputs[0].grade);
  return result.outputs[0];
}

inline OutputComparison compare_numbers(const std::string& dtype, const std::vector<double>& e,
                                        const std::vector<double>& a, const TolerancePolicy& policy = {}) {
  return compare_one(numbers(dtype, e), numbers(dtype, a), policy);
}

inline Value list_of(std::vector<Value> items, Value::Kind kind = Value::Kind::list) {
  Value value;
  value.kind = kind;
  value.items = std::move(items);
  return value;
}

inline Value dict_of(std::vector<std::string> keys, std::vector<Value> items) {
  Value value = list_of(std::move(items), Value::Kind::dict);
  value.keys = std::move(keys);
  return value;
}

inline Value scalar(const char* kind, const Json& v) { return decode_value(Json{{"k", kind}, {"v", v}}, nullptr); }

inline std::vector<StructuralMismatch> structural(const Value& e, const Value& a) {
  return compare_values(e, a, {}).structural;
}

}  // namespace decomp::test
