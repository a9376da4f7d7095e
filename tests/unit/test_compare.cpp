// Element by element: what is close, and what is told about the rest.

#include "compare_support.h"

#include <cmath>

using namespace decomp;
using namespace decomp::test;

TEST_CASE("equal bytes are bit-exact in every dtype, NaN and infinity included") {
  for (const DtypeInfo& info : wire_dtypes()) {
    INFO(info.name);
    std::string bytes;
    for (int i = 0; i < 256; ++i)
      bytes.append(info.bytes, static_cast<char>(i));  // every byte: NaNs and infinities too
    const OutputComparison c =
        compare_one(test::tensor(info.name, {2, 128}, bytes), test::tensor(info.name, {2, 128}, bytes));
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
    rows.push_back({dtype,
                    {1, 4},
                    {1, 4.5},
                    std::string(dtype) == "float8_e8m0fnu" ? Grade::bit_exact : Grade::different,
                    std::string(dtype) == "float8_e8m0fnu"    ? 0
                    : std::string(dtype) == "float8_e5m2fnuz" ? 0
                                                              : 1,
                    0});
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
      {"float32", f32(0x00000001), f32(0x80000001), 2},  // smallest of both signs: two steps over both zeros
      {"float32", f32(0x007fffff), f32(0x00800000), 1},  // largest subnormal, smallest normal
      {"float32", f32(0x3f800000), f32(0x3f7fffff), 1},  // 1 and the number below
      {"float32", f32(0x7f7fffff), f32(0xff7fffff),
       0xfefffffe},  // largest of both signs: more than a signed 32-bit number
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
                               : std::string(row.dtype) == "float8_e5m2fnuz"                    ? f8(0x80)
                                                                             : std::string(row.e.size(), '\xff');
    const OutputComparison c =
        compare_one(test::tensor(row.dtype, {2}, filler + row.e), test::tensor(row.dtype, {2}, filler + row.a));
    CHECK(c.max_ulp == row.ulp);
    CHECK(c.nonfinite_mismatches == 0);
  }
}

TEST_CASE("grade ulp ends after four units in the last place") {
  const auto near_one = [](std::uint32_t steps) {
    return test::tensor("float32", {1}, test::raw<std::uint32_t>({0x3f800000u + steps}));
  };
  CHECK(compare_one(near_one(0), near_one(4)).grade == Grade::ulp);
  CHECK(compare_one(near_one(0), near_one(5)).grade == Grade::within_tolerance);
  CHECK(compare_one(near_one(0), near_one(1000)).grade == Grade::different);
}

TEST_CASE("NaN payloads differ without being a difference") {
  const OutputComparison c =
      compare_one(test::tensor("float32", {2}, test::raw<std::uint32_t>({0x7fc00000, 0x3f800000})),
                  test::tensor("float32", {2}, test::raw<std::uint32_t>({0xffc01234, 0x3f800000})));
  CHECK(c.pass);
  CHECK(c.grade == Grade::ulp);
  CHECK(c.max_ulp == 0);
  CHECK(c.worst_index.empty());
  CHECK_FALSE(c.all_nan);
}

TEST_CASE("bools of different non-zero bytes are equal") {
  const OutputComparison c =
      compare_one(test::tensor("bool", {2}, std::string("\1\0", 2)), test::tensor("bool", {2}, std::string("\2\0", 2)));
  CHECK(c.pass);
  CHECK(c.grade == Grade::bit_exact);
}

TEST_CASE("integers are compared exactly where float64 cannot tell them apart") {
  using I = std::int64_t;
  const I big = (I{1} << 53) + 1;
  const OutputComparison c =
      compare_one(test::tensor("int64", {2}, test::raw<I>({big, std::numeric_limits<I>::min()})),
                  test::tensor("int64", {2}, test::raw<I>({big - 1, std::numeric_limits<I>::max()})));
  CHECK(c.mismatches == 2);
  CHECK(c.max_abs == 18446744073709551615.0);
  CHECK(c.worst_index == std::vector<I>{1});
  CHECK(c.expected_value == "-9223372036854775808");
  const OutputComparison u =
      compare_one(test::tensor("uint64", {1}, test::raw<std::uint64_t>({18446744073709551615u})),
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
  for (std::int64_t i = 0; i < count; ++i)
    e[static_cast<std::size_t>(i)] = static_cast<float>(i % 1000) * 0.25f - 100.0f;
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{1023}, std::int64_t{1024}, std::int64_t{262'143},
                                std::int64_t{262'144}, std::int64_t{524'288}, count - 1}) {
    INFO(at);
    a = e;
    a[static_cast<std::size_t>(at)] += 1.0f;
    const OutputComparison c =
        compare_one(test::tensor("float32", {count}, test::raw(e)), test::tensor("float32", {count}, test::raw(a)));
    CHECK(c.mismatches == 1);
    CHECK(c.worst_index == std::vector<std::int64_t>{at});
    CHECK(c.max_abs == 1.0);
    CHECK(c.mean_abs == Approx(1.0 / static_cast<double>(count)));
  }
  a = e;
  for (float& v : a) v = std::nextafter(v, 1e9f);
  a[500'000] += 3.0f;
  a[600'000] += 3.0f;
  const OutputComparison c = compare_one(test::tensor("float32", {700, 1000}, test::raw(e)),
                                         test::tensor("float32", {700, 1000}, test::raw(a)));
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
