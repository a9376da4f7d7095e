#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <limits>

#include "tensor/compare.h"
#include "tensor/element_text.h"
#include "tensor_support.h"

using namespace decomp;
using test::numbers;

namespace {

const double nan_value = std::numeric_limits<double>::quiet_NaN();
const double inf = std::numeric_limits<double>::infinity();

OutputComparison compare_one(const Value& e, const Value& a, const TolerancePolicy& policy = {}) {
  const ValueComparison result = compare_values(e, a, policy);
  REQUIRE(result.structural.empty());
  REQUIRE(result.outputs.size() == 1);
  CHECK(result.pass() == result.outputs[0].pass);
  CHECK(result.grade() == result.outputs[0].grade);
  return result.outputs[0];
}

OutputComparison compare_numbers(const std::string& dtype, const std::vector<double>& e, const std::vector<double>& a,
                                 const TolerancePolicy& policy = {}) {
  return compare_one(numbers(dtype, e), numbers(dtype, a), policy);
}

Value list_of(std::vector<Value> items, Value::Kind kind = Value::Kind::list) {
  Value value;
  value.kind = kind;
  value.items = std::move(items);
  return value;
}

Value dict_of(std::vector<std::string> keys, std::vector<Value> items) {
  Value value = list_of(std::move(items), Value::Kind::dict);
  value.keys = std::move(keys);
  return value;
}

Value scalar(const char* kind, const Json& v) { return decode_value(Json{{"k", kind}, {"v", v}}, nullptr); }

std::vector<StructuralMismatch> structural(const Value& e, const Value& a) { return compare_values(e, a, {}).structural; }

}  // namespace

TEST_CASE("tolerances are those of the table, by dtype") {
  struct Row {
    const char* dtype;
    double rtol;
    double atol;
  };
  const std::vector<Row> rows = {
      {"float64", 1e-7, 1e-8},   {"complex128", 1e-7, 1e-8},     {"float32", 1e-5, 1e-6},
      {"complex64", 1e-5, 1e-6}, {"float16", 1e-3, 1e-3},        {"bfloat16", 1e-3, 1e-3},
      {"complex32", 1e-3, 1e-3}, {"float8_e4m3fn", 1e-3, 1e-3},  {"float8_e4m3fnuz", 1e-3, 1e-3},
      {"float8_e5m2", 1e-3, 1e-3}, {"float8_e5m2fnuz", 1e-3, 1e-3}, {"float8_e8m0fnu", 1e-3, 1e-3},
      {"int64", 0, 0},           {"uint8", 0, 0},                {"bool", 0, 0},
  };
  for (const Row& row : rows) {
    INFO(row.dtype);
    const Tolerance tolerance = TolerancePolicy{}.of(dtype_from_name(row.dtype));
    CHECK(tolerance.rtol == row.rtol);
    CHECK(tolerance.atol == row.atol);
  }
  for (const DtypeInfo& info : wire_dtypes()) CHECK_NOTHROW(TolerancePolicy{}.of(info.type));
}

TEST_CASE("the looser of the output's and the compute dtype's row counts") {
  TolerancePolicy policy;
  policy.compute = at::kBFloat16;
  CHECK(policy.of(at::kFloat).rtol == 1e-3);
  CHECK(policy.of(at::kDouble).atol == 1e-3);
  CHECK(policy.of(at::kLong).rtol == 0.0);
  policy.compute = at::kDouble;
  CHECK(policy.of(at::kFloat).rtol == 1e-5);
  policy.compute = at::kLong;
  CHECK(policy.of(at::kFloat).rtol == 1e-5);
}

TEST_CASE("the composition row loosens float32 and leaves float64, half and integers alone") {
  TolerancePolicy policy;
  policy.composition = true;
  CHECK(policy.of(at::kFloat).rtol == 1e-4);
  CHECK(policy.of(at::kFloat).atol == 1e-5);
  CHECK(policy.of(at::kDouble).rtol == 1e-7);
  CHECK(policy.of(at::kHalf).rtol == 1e-3);
  CHECK(policy.of(at::kInt).rtol == 0.0);
}

TEST_CASE("overrides replace float rows and never loosen integers") {
  TolerancePolicy policy;
  policy.rtol = 0.5;
  policy.compute = at::kHalf;
  CHECK(policy.of(at::kFloat).rtol == 0.5);
  CHECK(policy.of(at::kFloat).atol == 1e-3);
  CHECK(policy.of(at::kInt).rtol == 0.0);
  policy.rtol = 0.0;
  policy.atol = 0.0;
  CHECK(policy.of(at::kFloat).rtol == 0.0);
  CHECK(policy.of(at::kFloat).atol == 0.0);
}

TEST_CASE("equal bytes are bit-exact in every dtype, NaN and infinity included") {
  for (const DtypeInfo& info : wire_dtypes()) {
    INFO(info.name);
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.append(info.bytes, static_cast<char>(i));  // every byte: NaNs and infinities too
    const OutputComparison c = compare_one(test::tensor(info.name, {2, 128}, bytes), test::tensor(info.name, {2, 128}, bytes));
    CHECK(c.pass);
    CHECK(c.grade == Grade::bit_exact);
    CHECK(c.elements == 256);
    CHECK(c.mismatches == 0);
    CHECK(c.worst_index.empty());
    CHECK(c.expected_rms == 0.0);
    CHECK(c.expected_value.empty());
  }
}

TEST_CASE("one table per closeness rule and dtype") {
  struct Row {
    const char* dtype;
    std::vector<double> e;
    std::vector<double> a;
    Grade grade;
    std::int64_t mismatches;
    std::int64_t nonfinite;
  };
  std::vector<Row> rows;
  // Dtypes that have infinities: what is not finite must be the same, at the same place.
  for (const char* dtype : {"float64", "float32", "float16", "bfloat16", "float8_e5m2"}) {
    rows.push_back({dtype, {nan_value, 1}, {nan_value, 2}, Grade::different, 1, 0});
    rows.push_back({dtype, {nan_value, 1}, {1, 1}, Grade::different, 1, 1});
    rows.push_back({dtype, {1, 1}, {1, nan_value}, Grade::different, 1, 1});
    rows.push_back({dtype, {inf, -inf, 1}, {inf, -inf, 2}, Grade::different, 1, 0});
    rows.push_back({dtype, {inf, 1}, {-inf, 1}, Grade::different, 1, 1});
    rows.push_back({dtype, {inf, 1}, {nan_value, 1}, Grade::different, 1, 1});
    rows.push_back({dtype, {inf, 1}, {1024, 1}, Grade::different, 1, 1});
    rows.push_back({dtype, {0.0, 1}, {-0.0, 1}, Grade::ulp, 0, 0});
  }
  for (const char* dtype : {"float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"}) {
    rows.push_back({dtype, {nan_value, 1}, {nan_value, 2}, Grade::different, 1, 0});
    rows.push_back({dtype, {nan_value, 1}, {1, 1}, Grade::different, 1, 1});
    rows.push_back({dtype, {1, 4}, {1, 4.5}, std::string(dtype) == "float8_e8m0fnu" ? Grade::bit_exact : Grade::different,
                    std::string(dtype) == "float8_e8m0fnu" ? 0 : std::string(dtype) == "float8_e5m2fnuz" ? 0 : 1, 0});
  }
  rows[rows.size() - 4].grade = Grade::bit_exact;  // e5m2fnuz rounds 4.5 to 4
  // Integers and bool: equal or not, whatever the tolerance.
  for (const char* dtype : {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}) {
    rows.push_back({dtype, {1, 100, 3}, {1, 101, 3}, Grade::different, 1, 0});
    rows.push_back({dtype, {0, 1}, {1, 0}, Grade::different, 2, 0});
  }
  rows.push_back({"bool", {1, 0, 1}, {1, 1, 1}, Grade::different, 1, 0});
  // Around the bound |a - e| <= atol + rtol |e|.
  rows.push_back({"float64", {1.0}, {1.0 + 1.0e-7}, Grade::within_tolerance, 0, 0});
  rows.push_back({"float64", {1.0}, {1.0 + 1.2e-7}, Grade::different, 1, 0});
  rows.push_back({"float64", {0.0}, {0.9e-8}, Grade::within_tolerance, 0, 0});
  rows.push_back({"float64", {0.0}, {1.1e-8}, Grade::different, 1, 0});
  rows.push_back({"float32", {1.0}, {1.0 + 1.05e-5}, Grade::within_tolerance, 0, 0});
  rows.push_back({"float32", {1.0}, {1.0 + 1.15e-5}, Grade::different, 1, 0});
  rows.push_back({"float32", {-100.0}, {-100.0005}, Grade::within_tolerance, 0, 0});
  rows.push_back({"float32", {-100.0}, {-100.01}, Grade::different, 1, 0});
  rows.push_back({"float16", {1.0}, {1.0 + 1.0 / 1024}, Grade::ulp, 0, 0});
  rows.push_back({"float16", {1.0}, {1.0 + 3.0 / 1024}, Grade::different, 1, 0});
  rows.push_back({"bfloat16", {0.0}, {0.0009}, Grade::within_tolerance, 0, 0});
  rows.push_back({"bfloat16", {1.0}, {1.0 + 1.0 / 128}, Grade::different, 1, 0});
  rows.push_back({"complex64", {3, 4}, {3, 4.00004}, Grade::within_tolerance, 0, 0});
  rows.push_back({"complex64", {3, 4}, {3, 4.0001}, Grade::different, 1, 0});
  rows.push_back({"complex64", {1000, 0}, {1000, 0.005}, Grade::within_tolerance, 0, 0});  // small beside the modulus
  rows.push_back({"complex64", {inf, 1}, {inf, 1}, Grade::bit_exact, 0, 0});
  rows.push_back({"complex64", {inf, 1}, {inf, 2}, Grade::different, 1, 0});
  rows.push_back({"complex64", {inf, 1}, {1, inf}, Grade::different, 1, 1});
  rows.push_back({"complex64", {nan_value, 0.0}, {nan_value, -0.0}, Grade::ulp, 0, 0});
  rows.push_back({"complex128", {1e300, 1e300}, {1e300, 1e300 * (1 + 1e-9)}, Grade::within_tolerance, 0, 0});
  rows.push_back({"complex128", {1, 0, 0, 1}, {1, 0, 1, 0}, Grade::different, 1, 0});
  rows.push_back({"complex32", {1, 2}, {1, 2 + 2.0 / 1024}, Grade::ulp, 0, 0});
  rows.push_back({"complex32", {1, 2}, {1, 3}, Grade::different, 1, 0});
  for (const Row& row : rows) {
    INFO(row.dtype << " expected " << Catch::Detail::stringify(row.e) << " actual " << Catch::Detail::stringify(row.a));
    const OutputComparison c = compare_numbers(row.dtype, row.e, row.a);
    CHECK(to_string(c.grade) == to_string(row.grade));
    CHECK(c.pass == (row.grade != Grade::different));
    CHECK(c.mismatches == row.mismatches);
    CHECK(c.nonfinite_mismatches == row.nonfinite);
  }
}

TEST_CASE("ULP distances at the edges of each floating dtype") {
  struct Row {
    const char* dtype;
    std::string e;
    std::string a;
    std::uint64_t ulp;
  };
  using U8 = std::uint8_t;
  using U16 = std::uint16_t;
  using U32 = std::uint32_t;
  using U64 = std::uint64_t;
  const auto f16 = [](U16 bits) { return test::raw<U16>({bits}); };
  const auto f32 = [](U32 bits) { return test::raw<U32>({bits}); };
  const auto f64 = [](U64 bits) { return test::raw<U64>({bits}); };
  const auto f8 = [](U8 bits) { return test::raw<U8>({bits}); };
  const std::vector<Row> rows = {
      {"float32", f32(0x00000001), f32(0x80000001), 2},           // smallest of both signs: two steps over both zeros
      {"float32", f32(0x007fffff), f32(0x00800000), 1},           // largest subnormal, smallest normal
      {"float32", f32(0x3f800000), f32(0x3f7fffff), 1},           // 1 and the number below
      {"float32", f32(0x7f7fffff), f32(0xff7fffff), 0xfefffffe},  // largest of both signs: more than a signed 32-bit number
      {"float64", f64(0x3ff0000000000000), f64(0x3ff0000000000003), 3},
      {"float64", f64(0x0000000000000001), f64(0x8000000000000000), 1},
      {"float64", f64(0x7fefffffffffffff), f64(0xffefffffffffffff), 0xffdffffffffffffe},
      {"float16", f16(0x3c00), f16(0x3bff), 1},
      {"float16", f16(0x7bff), f16(0xfbff), 0xf7fe},
      {"float16", f16(0x8000), f16(0x0001), 1},
      {"bfloat16", f16(0x3f80), f16(0x3f82), 2},
      {"bfloat16", f16(0x8001), f16(0x0001), 2},
      {"float8_e4m3fn", f8(0x38), f8(0x39), 1},
      {"float8_e4m3fn", f8(0x81), f8(0x01), 2},
      {"float8_e5m2", f8(0x3c), f8(0x3f), 3},
      {"float8_e4m3fnuz", f8(0x01), f8(0x81), 2},
      {"float8_e5m2fnuz", f8(0x7f), f8(0x7e), 1},
      {"float8_e8m0fnu", f8(0x7f), f8(0x81), 2},  // 1 and 4
      {"float8_e8m0fnu", f8(0x00), f8(0xfe), 254},
      {"complex64", f32(0x3f800000) + f32(0x00000000), f32(0x3f800002) + f32(0x00000005), 5},  // the worse part
      {"complex32", f16(0x3c00) + f16(0x3c00), f16(0x3c01) + f16(0xbc00), 0x7800},
  };
  for (const Row& row : rows) {
    INFO(row.dtype << " " << row.ulp);
    CHECK(compare_one(test::tensor(row.dtype, {1}, row.e), test::tensor(row.dtype, {1}, row.a)).max_ulp == row.ulp);
    CHECK(compare_one(test::tensor(row.dtype, {1}, row.a), test::tensor(row.dtype, {1}, row.e)).max_ulp == row.ulp);
    // The same beside an element that is not finite, which takes the element-wise path.
    const std::string filler = row.e.size() == 1 && std::string(row.dtype) == "float8_e4m3fnuz" ? f8(0x80)
                               : std::string(row.dtype) == "float8_e5m2fnuz"                     ? f8(0x80)
                                                                                                 : std::string(row.e.size(), '\xff');
    const OutputComparison c =
        compare_one(test::tensor(row.dtype, {2}, filler + row.e), test::tensor(row.dtype, {2}, filler + row.a));
    CHECK(c.max_ulp == row.ulp);
    CHECK(c.nonfinite_mismatches == 0);
  }
}

TEST_CASE("grade ulp ends after four units in the last place") {
  const auto near_one = [](std::uint32_t steps) { return test::tensor("float32", {1}, test::raw<std::uint32_t>({0x3f800000u + steps})); };
  CHECK(compare_one(near_one(0), near_one(4)).grade == Grade::ulp);
  CHECK(compare_one(near_one(0), near_one(5)).grade == Grade::within_tolerance);
  CHECK(compare_one(near_one(0), near_one(1000)).grade == Grade::different);
}

TEST_CASE("NaN payloads differ without being a difference") {
  const OutputComparison c = compare_one(test::tensor("float32", {2}, test::raw<std::uint32_t>({0x7fc00000, 0x3f800000})),
                                         test::tensor("float32", {2}, test::raw<std::uint32_t>({0xffc01234, 0x3f800000})));
  CHECK(c.pass);
  CHECK(c.grade == Grade::ulp);
  CHECK(c.max_ulp == 0);
  CHECK(c.worst_index.empty());
  CHECK_FALSE(c.all_nan);
}

TEST_CASE("bools of different non-zero bytes are equal") {
  const OutputComparison c = compare_one(test::tensor("bool", {2}, std::string("\1\0", 2)), test::tensor("bool", {2}, std::string("\2\0", 2)));
  CHECK(c.pass);
  CHECK(c.grade == Grade::bit_exact);
}

TEST_CASE("integers are compared exactly where float64 cannot tell them apart") {
  using I = std::int64_t;
  const I big = (I{1} << 53) + 1;
  const OutputComparison c = compare_one(test::tensor("int64", {2}, test::raw<I>({big, std::numeric_limits<I>::min()})),
                                         test::tensor("int64", {2}, test::raw<I>({big - 1, std::numeric_limits<I>::max()})));
  CHECK(c.mismatches == 2);
  CHECK(c.max_abs == 18446744073709551615.0);
  CHECK(c.worst_index == std::vector<I>{1});
  CHECK(c.expected_value == "-9223372036854775808");
  const OutputComparison u = compare_one(test::tensor("uint64", {1}, test::raw<std::uint64_t>({18446744073709551615u})),
                                         test::tensor("uint64", {1}, test::raw<std::uint64_t>({18446744073709551614u})));
  CHECK(u.mismatches == 1);
  CHECK(u.worst_abs == 1.0);
}

TEST_CASE("statistics: maxima, mean, root mean square, worst element") {
  const Value e = test::tensor("float64", {2, 3}, test::encode("float64", {0, 1, -2, 4, nan_value, 10}));
  const Value a = test::tensor("float64", {2, 3}, test::encode("float64", {0, 1.5, -2, 4, nan_value, 12}));
  const OutputComparison c = compare_one(e, a);
  CHECK(c.elements == 6);
  CHECK(c.mismatches == 2);
  CHECK(c.max_abs == 2.0);
  CHECK(c.max_rel == 0.5);
  CHECK(c.mean_abs == Approx(2.5 / 5));
  CHECK(c.expected_rms == Approx(std::sqrt((0 + 1 + 4 + 16 + 100) / 5.0)));
  CHECK(c.worst_index == std::vector<std::int64_t>{1, 2});
  CHECK(c.expected_value == "10");
  CHECK(c.actual_value == "12");
  CHECK(c.worst_abs == 2.0);
  CHECK(c.worst_rel == Approx(0.2));
  CHECK(c.shape == std::vector<std::int64_t>{2, 3});
}

TEST_CASE("the worst element: NaN first, then the farthest outside its tolerance, the first of equals") {
  CHECK(compare_numbers("float32", {1, 2, 3, 4}, {9, 2, nan_value, inf}).worst_index == std::vector<std::int64_t>{2});
  // 1000 is off by more, but within what its size allows.
  TolerancePolicy loose;
  loose.rtol = 0.1;
  CHECK(compare_numbers("float32", {1000, 1}, {1090, 2}, loose).worst_index == std::vector<std::int64_t>{1});
  CHECK(compare_numbers("float32", {1, 2, 2}, {1, 3, 3}).worst_index == std::vector<std::int64_t>{1});
  CHECK(compare_numbers("float32", {1, 2}, {1, 2.000001}).worst_index == std::vector<std::int64_t>{1});
}

TEST_CASE("large tensors: every block is seen, and the worst of all found") {
  const std::int64_t count = 700'000;  // several tasks, the last block not full
  std::vector<float> e(count), a;
  for (std::int64_t i = 0; i < count; ++i) e[static_cast<std::size_t>(i)] = static_cast<float>(i % 1000) * 0.25f - 100.0f;
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{1023}, std::int64_t{1024}, std::int64_t{262'143}, std::int64_t{262'144},
                                std::int64_t{524'288}, count - 1}) {
    INFO(at);
    a = e;
    a[static_cast<std::size_t>(at)] += 1.0f;
    const OutputComparison c = compare_one(test::tensor("float32", {count}, test::raw(e)), test::tensor("float32", {count}, test::raw(a)));
    CHECK(c.mismatches == 1);
    CHECK(c.worst_index == std::vector<std::int64_t>{at});
    CHECK(c.max_abs == 1.0);
    CHECK(c.mean_abs == Approx(1.0 / static_cast<double>(count)));
  }
  a = e;
  for (float& v : a) v = std::nextafter(v, 1e9f);
  a[500'000] += 3.0f;
  a[600'000] += 3.0f;
  const OutputComparison c = compare_one(test::tensor("float32", {700, 1000}, test::raw(e)), test::tensor("float32", {700, 1000}, test::raw(a)));
  CHECK(c.mismatches == 2);
  CHECK(c.worst_index == std::vector<std::int64_t>{500, 0});
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < e.size(); ++i) {
    sum += std::fabs(static_cast<double>(a[i]) - static_cast<double>(e[i]));
    squares += static_cast<double>(e[i]) * static_cast<double>(e[i]);
  }
  CHECK(c.mean_abs == Approx(sum / static_cast<double>(count)));
  CHECK(c.expected_rms == Approx(std::sqrt(squares / static_cast<double>(count))));
}

TEST_CASE("differences that overflow float64 are its largest number, and differ") {
  const OutputComparison c = compare_numbers("float64", {1.7e308}, {-1.7e308});
  CHECK_FALSE(c.pass);
  CHECK(c.max_abs == std::numeric_limits<double>::max());
  const OutputComparison z = compare_numbers("complex128", {1.7e308, 1.7e308}, {-1.7e308, 1.7e308});
  CHECK_FALSE(z.pass);
  CHECK(z.max_abs == std::numeric_limits<double>::max());
  const OutputComparison r = compare_numbers("float64", {5e-324}, {1e308});
  CHECK(r.max_rel == std::numeric_limits<double>::max());
}

TEST_CASE("a tolerance that is not a number closes nothing") {
  TolerancePolicy policy;
  policy.rtol = nan_value;
  CHECK_FALSE(compare_numbers("float32", {1, 2, 3}, {1, 2, 3.0000001e8}, policy).pass);
  CHECK_FALSE(compare_numbers("float32", {1, nan_value, 3}, {1, nan_value, 5}, policy).pass);
}

TEST_CASE("atol is capped for outputs that are small throughout") {
  // Everything is below atol 1e-6, so every value passes for every other.
  const OutputComparison c = compare_numbers("float32", {1e-7, -1e-7, 2e-7}, {2e-7, 1e-7, 2e-7});
  CHECK(c.pass);
  CHECK(c.capped_atol == Approx(1e-5 * c.expected_rms));
  CHECK(c.capped_mismatches == 2);
  const OutputComparison large = compare_numbers("float32", {1, 2}, {1, 2.00001f});
  CHECK(large.capped_atol == 1e-6);
  CHECK(large.capped_mismatches == large.mismatches);
}

TEST_CASE("all NaN is told, on the expected side, for floating dtypes that have elements") {
  CHECK(compare_numbers("float32", {nan_value, nan_value}, {nan_value, nan_value}).all_nan);
  CHECK(compare_numbers("float16", {nan_value, nan_value}, {1, 1}).all_nan);
  CHECK(compare_numbers("complex64", {nan_value, 1, 0, nan_value}, {nan_value, 1, 0, nan_value}).all_nan);
  CHECK_FALSE(compare_numbers("float32", {nan_value, 1}, {nan_value, 1}).all_nan);
  CHECK_FALSE(compare_numbers("float32", {}, {}).all_nan);
  CHECK_FALSE(compare_numbers("float32", {1}, {nan_value}).all_nan);
}

TEST_CASE("empty tensors and tensors without dimensions") {
  const OutputComparison empty = compare_one(test::tensor("float32", {0, 3}, ""), test::tensor("float32", {0, 3}, ""));
  CHECK(empty.pass);
  CHECK(empty.elements == 0);
  CHECK(describe(empty) == "output float32 [0, 3]: equal (no elements)");
  const OutputComparison zero = compare_one(test::tensor("float32", {}, test::encode("float32", {1})),
                                            test::tensor("float32", {}, test::encode("float32", {2})));
  CHECK(zero.elements == 1);
  CHECK(zero.worst_index.empty());
  CHECK(zero.expected_value == "1");
}

TEST_CASE("dtype and shape mismatches are findings of their own") {
  auto found = structural(numbers("float32", {1}), numbers("float64", {1}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "output-dtype");
  CHECK(found[0].message == "output is float32 in the original and float64 in the refactored model");
  found = structural(test::tensor("float32", {2, 1}, test::encode("float32", {1, 2})), numbers("float32", {1, 2}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "output-shape");
  CHECK(found[0].message == "output has shape [2, 1] in the original and [2] in the refactored model");
  CHECK(structural(test::tensor("float32", {2, 0}, ""), test::tensor("float32", {0, 2}, "")).size() == 1);
  CHECK(structural(numbers("float32", {1, 2}), numbers("int32", {1})).size() == 2);
  CHECK_FALSE(compare_values(numbers("float32", {1}), numbers("float64", {1}), {}).pass());
  CHECK(compare_values(numbers("float32", {1}), numbers("float64", {1}), {}).grade() == Grade::different);
}

TEST_CASE("structures: kinds, keys, lengths, order") {
  const Value one = numbers("float32", {1});
  const Value none = decode_value(Json{{"k", "none"}}, nullptr);
  struct Row {
    Value e;
    Value a;
    std::string message;  // "": they agree
  };
  Value named = list_of({one, one}, Value::Kind::namedtuple);
  named.keys = {"x", "y"};
  named.type = "Out";
  Value renamed = named;
  renamed.type = "Other";
  Value other_field = named;
  other_field.keys = {"x", "z"};
  Value dataclass = named;
  dataclass.kind = Value::Kind::dataclass;
  const std::vector<Row> rows = {
      {list_of({one, one}), list_of({one, one}), ""},
      {list_of({one}), list_of({one}, Value::Kind::tuple), "output is a list in the original and a tuple in the refactored model"},
      {list_of({one}), one, "output is a list in the original and a tensor in the refactored model"},
      {list_of({one}), list_of({one, one}), "output has 1 items in the original and 2 in the refactored model"},
      {list_of({}), list_of({}), ""},
      {none, none, ""},
      {none, one, "output is None in the original and a tensor in the refactored model"},
      {named, renamed, ""},
      {named, other_field, "output has other keys: the refactored model lacks 'y' and the original lacks 'z'"},
      {named, dataclass, "output is a named tuple (Out) in the original and a dataclass (Out) in the refactored model"},
      {dict_of({"s:a", "i:1"}, {one, one}), dict_of({"s:a", "i:1"}, {one, one}), ""},
      {dict_of({"s:a", "i:1"}, {one, one}), dict_of({"i:1", "s:a"}, {one, one}),
       "output has its keys in another order: 'a', 1 in the original, 1, 'a' in the refactored model"},
      {dict_of({"s:1"}, {one}), dict_of({"i:1"}, {one}), "output has other keys: the refactored model lacks '1' and the original lacks 1"},
      {dict_of({"s:a"}, {one}), dict_of({"s:a", "n:"}, {one, one}), "output has other keys: the original lacks None"},
      {list_of({list_of({none})}), list_of({list_of({one})}), "output[0][0] is None in the original and a tensor in the refactored model"},
      {scalar("int", "1"), scalar("bool", true), "output is an int in the original and a bool in the refactored model"},
      {scalar("dtype", "torch.float32"), scalar("device", "cpu"), "output is a torch.dtype in the original and a torch.device in the refactored model"},
  };
  for (const Row& row : rows) {
    INFO(row.message);
    const auto found = structural(row.e, row.a);
    if (row.message.empty()) {
      CHECK(found.empty());
      CHECK(compare_values(row.e, row.a, {}).pass());
      continue;
    }
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "output-structure");
    CHECK(found[0].message == row.message);
    CHECK_FALSE(compare_values(row.e, row.a, {}).pass());
  }
}

TEST_CASE("every leaf of a tree is compared, with its Python path") {
  const Value one = numbers("float32", {1});
  const Value two = numbers("float32", {2});
  Value named = list_of({one}, Value::Kind::namedtuple);
  named.keys = {"logits"};
  Value named_two = list_of({two}, Value::Kind::namedtuple);
  named_two.keys = {"logits"};
  const Value e = list_of({one, dict_of({"s:x", "b:false"}, {list_of({one, one}), named})});
  const Value a = list_of({one, dict_of({"s:x", "b:false"}, {list_of({one, two}), named_two})});
  const ValueComparison result = compare_values(e, a, {}, "out");
  std::vector<std::string> paths;
  for (const auto& o : result.outputs) paths.push_back(o.path);
  CHECK(paths == std::vector<std::string>{"out[0]", "out[1]['x'][0]", "out[1]['x'][1]", "out[1][False].logits"});
  CHECK_FALSE(result.pass());
  CHECK(result.grade() == Grade::different);
}

TEST_CASE("Python scalars") {
  const auto one = [](const char* kind, const Json& e, const Json& a) { return compare_one(scalar(kind, e), scalar(kind, a)); };
  CHECK(one("int", "12345678901234567890123", "12345678901234567890123").grade == Grade::bit_exact);
  CHECK_FALSE(one("int", "12345678901234567890123", "12345678901234567890124").pass);
  CHECK_FALSE(one("bool", true, false).pass);
  CHECK(one("str", "a", "a").pass);
  CHECK_FALSE(one("str", "a", "b").pass);
  CHECK(one("float", "0x1p+0", "0x1.00000000001p+0").grade == Grade::within_tolerance);
  CHECK_FALSE(one("float", "0x1p+0", "0x1.0001p+0").pass);
  CHECK(one("float", "nan", "nan").pass);
  CHECK_FALSE(one("float", "nan", "0x0p+0").pass);
  CHECK_FALSE(one("float", "inf", "-inf").pass);
  CHECK(one("complex", {"0x1p+0", "nan"}, {"0x1p+0", "nan"}).pass);
  CHECK_FALSE(one("complex", {"0x1p+0", "0x1p+0"}, {"0x1p+0", "-0x1p+0"}).pass);
  CHECK_FALSE(one("device", "cpu", "cuda:0").pass);
}

TEST_CASE("elements print as Python prints them, shortest that reads back") {
  struct Row {
    const char* dtype;
    std::string bytes;
    const char* text;
  };
  const std::vector<Row> rows = {
      {"float32", test::encode("float32", {0.1}), "0.1"},
      {"float64", test::encode("float64", {0.1f}), "0.10000000149011612"},
      {"float16", test::encode("float16", {0.1}), "0.1"},
      {"bfloat16", test::encode("bfloat16", {3.140625}), "3.14"},
      {"float8_e4m3fn", test::encode("float8_e4m3fn", {448}), "448"},
      {"float16", test::encode("float16", {65504}), "65504"},
      {"bfloat16", test::encode("bfloat16", {1e30}), "1e+30"},
      {"float8_e5m2", test::encode("float8_e5m2", {-inf}), "-inf"},
      {"float8_e8m0fnu", test::encode("float8_e8m0fnu", {0.5}), "0.5"},
      {"float32", test::encode("float32", {nan_value}), "nan"},
      {"float32", test::encode("float32", {-0.0}), "-0"},
      {"complex64", test::encode("complex64", {1.5, -2}), "1.5-2j"},
      {"complex32", test::encode("complex32", {0, inf}), "0+infj"},
      {"bool", std::string(1, '\5'), "True"},
      {"int8", std::string(1, '\x80'), "-128"},
      {"uint64", std::string(8, '\xff'), "18446744073709551615"},
  };
  for (const Row& row : rows) {
    INFO(row.dtype);
    CHECK(element_text(dtype_from_name(row.dtype), row.bytes.data()) == row.text);
  }
}

TEST_CASE("one precise line for a person") {
  TolerancePolicy policy;
  const Value e = test::tensor("float32", {2, 3}, test::encode("float32", {1, 2, 3, 4, 5, 0.25}));
  const Value a = test::tensor("float32", {2, 3}, test::encode("float32", {1, 2.1, 3.1, 4.1, 5.1, 0.5}));
  CHECK(describe(compare_one(e, a)) ==
        "output float32 [2, 3]: 5 of 6 elements differ; worst at [1, 2]: expected 0.25, got 0.5 (abs 0.25, rel 1, 8388608 ulp); "
        "rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_one(e, e)) == "output float32 [2, 3]: bit-exact");
  CHECK(describe(compare_numbers("float32", {1, 2}, {1, 2.000001})) ==
        "output float32 [2]: all 2 elements close; largest difference at [1]: expected 2, got 2.000001 (abs 9.54e-07, rel 4.77e-07, 4 ulp); "
        "rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_numbers("float32", {1, nan_value}, {1, 2})) ==
        "output float32 [2]: 1 of 2 elements differ (1 NaN or infinite on one side only); worst at [1]: expected nan, got 2; "
        "rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_numbers("float32", {0.0, 1}, {-0.0, 1})) ==
        "output float32 [2]: all 2 elements close; only the sign of zeros or the payload of NaNs differs; rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_numbers("int64", {3, 4}, {3, 7})) == "output int64 [2]: 1 of 2 elements differ; worst at [1]: expected 4, got 7 (abs 3, rel 0.75)");
  CHECK(describe(compare_numbers("bool", {1, 0}, {0, 0})) == "output bool [2]: 1 of 2 elements differ; worst at [0]: expected True, got False");
  CHECK(describe(compare_one(test::tensor("float32", {}, test::encode("float32", {1})), test::tensor("float32", {}, test::encode("float32", {2})))) ==
        "output float32 []: 1 of 1 element differs; expected 1, got 2 (abs 1, rel 1, 8388608 ulp); rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_one(scalar("int", "3"), scalar("int", "4"))) == "output int: 1 of 1 element differs; expected 3, got 4");
  CHECK(describe(compare_one(scalar("str", "a"), scalar("str", "b"))) == "output str: 1 of 1 element differs; expected 'a', got 'b'");
}

TEST_CASE("grades have names") {
  CHECK(to_string(Grade::bit_exact) == "bit_exact");
  CHECK(to_string(Grade::ulp) == "ulp");
  CHECK(to_string(Grade::within_tolerance) == "within_tolerance");
  CHECK(to_string(Grade::different) == "different");
}
