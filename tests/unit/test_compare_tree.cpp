// Tolerances, structures, Python scalars, and the words for a person.

#include "compare_support.h"

#include <cmath>

#include "tensor/element_text.h"

using namespace decomp;
using namespace decomp::test;

TEST_CASE("tolerances are those of the table, by dtype") {
  struct Row {
    const char* dtype;
    double rtol;
    double atol;
  };
  const std::vector<Row> rows = {
      {"float64", 1e-7, 1e-8},
      {"complex128", 1e-7, 1e-8},
      {"float32", 1e-5, 1e-6},
      {"complex64", 1e-5, 1e-6},
      {"float16", 1e-3, 1e-3},
      {"bfloat16", 1e-3, 1e-3},
      {"complex32", 1e-3, 1e-3},
      {"float8_e4m3fn", 1e-3, 1e-3},
      {"float8_e4m3fnuz", 1e-3, 1e-3},
      {"float8_e5m2", 1e-3, 1e-3},
      {"float8_e5m2fnuz", 1e-3, 1e-3},
      {"float8_e8m0fnu", 1e-3, 1e-3},
      {"int64", 0, 0},
      {"uint8", 0, 0},
      {"bool", 0, 0},
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
      {list_of({one}), list_of({one}, Value::Kind::tuple),
       "output is a list in the original and a tuple in the refactored model"},
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
      {dict_of({"s:1"}, {one}), dict_of({"i:1"}, {one}),
       "output has other keys: the refactored model lacks '1' and the original lacks 1"},
      {dict_of({"s:a"}, {one}), dict_of({"s:a", "n:"}, {one, one}), "output has other keys: the original lacks None"},
      {list_of({list_of({none})}), list_of({list_of({one})}),
       "output[0][0] is None in the original and a tensor in the refactored model"},
      {scalar("int", "1"), scalar("bool", true), "output is an int in the original and a bool in the refactored model"},
      {scalar("dtype", "torch.float32"), scalar("device", "cpu"),
       "output is a torch.dtype in the original and a torch.device in the refactored model"},
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
  const auto one = [](const char* kind, const Json& e, const Json& a) {
    return compare_one(scalar(kind, e), scalar(kind, a));
  };
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
        "output float32 [2, 3]: 5 of 6 elements differ; worst at [1, 2]: expected 0.25, got 0.5 (abs 0.25, rel 1, "
        "8388608 ulp); "
        "rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_one(e, e)) == "output float32 [2, 3]: bit-exact");
  CHECK(describe(compare_numbers("float32", {1, 2}, {1, 2.000001})) ==
        "output float32 [2]: all 2 elements close; largest difference at [1]: expected 2, got 2.000001 (abs 9.54e-07, "
        "rel 4.77e-07, 4 ulp); "
        "rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_numbers("float32", {1, nan_value}, {1, 2})) ==
        "output float32 [2]: 1 of 2 elements differ (1 NaN or infinite on one side only); worst at [1]: expected nan, "
        "got 2; "
        "rtol 1e-05 atol 1e-06");
  CHECK(describe(compare_numbers("float32", {0.0, 1}, {-0.0, 1})) ==
        "output float32 [2]: all 2 elements close; only the sign of zeros or the payload of NaNs differs; rtol 1e-05 "
        "atol 1e-06");
  CHECK(describe(compare_numbers("int64", {3, 4}, {3, 7})) ==
        "output int64 [2]: 1 of 2 elements differ; worst at [1]: expected 4, got 7 (abs 3, rel 0.75)");
  CHECK(describe(compare_numbers("bool", {1, 0}, {0, 0})) ==
        "output bool [2]: 1 of 2 elements differ; worst at [0]: expected True, got False");
  CHECK(describe(compare_one(test::tensor("float32", {}, test::encode("float32", {1})),
                             test::tensor("float32", {}, test::encode("float32", {2})))) ==
        "output float32 []: 1 of 1 element differs; expected 1, got 2 (abs 1, rel 1, 8388608 ulp); rtol 1e-05 atol "
        "1e-06");
  CHECK(describe(compare_one(scalar("int", "3"), scalar("int", "4"))) ==
        "output int: 1 of 1 element differs; expected 3, got 4");
  CHECK(describe(compare_one(scalar("str", "a"), scalar("str", "b"))) ==
        "output str: 1 of 1 element differs; expected 'a', got 'b'");
}

TEST_CASE("grades have names") {
  CHECK(to_string(Grade::bit_exact) == "bit_exact");
  CHECK(to_string(Grade::ulp) == "ulp");
  CHECK(to_string(Grade::within_tolerance) == "within_tolerance");
  CHECK(to_string(Grade::different) == "different");
}
