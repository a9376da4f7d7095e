// weight_map.json, what is left over, and descriptions.

#include "weight_map_support.h"

#include <algorithm>

using namespace decomp;
using namespace decomp::test;

TEST_CASE("an explicit swap is followed") {
  const Model model = Model().parameter("q.weight", square).parameter("k.weight", square);
  const WeightMap map = map_models(model, model, R"({"q.weight": "k.weight", "k.weight": "q.weight"})");
  CHECK(lines(map) == Lines{"k.weight<-q.weight (explicit)", "q.weight<-k.weight (explicit)"});
  CHECK(map.findings.empty());
}

TEST_CASE("a packed tensor is split by rows") {
  const Model original = Model().parameter("in_proj", {12, 4}).parameter("in_bias", {12});
  const Model refactored = Model()
                               .parameter("q.weight", square)
                               .parameter("k.weight", square)
                               .parameter("v.weight", square)
                               .parameter("q.bias", {4})
                               .parameter("kv.bias", {8});
  const WeightMap map = map_models(original, refactored, R"({
    "in_proj": [{"key": "k.weight", "rows": [4, 8]}, {"key": "q.weight", "rows": [0, 4]}, {"key": "v.weight", "rows": [8, 12]}],
    "in_bias": [{"key": "q.bias", "rows": [0, 4]}, {"key": "kv.bias", "rows": [4, 12]}]})");
  CHECK(map.findings.empty());
  CHECK(lines(map) == Lines{"k.weight<-in_proj[4,8] (explicit)", "kv.bias<-in_bias[4,12] (explicit)",
                            "q.bias<-in_bias[0,4] (explicit)", "q.weight<-in_proj[0,4] (explicit)",
                            "v.weight<-in_proj[8,12] (explicit)"});
}

TEST_CASE("faults of weight_map.json, each with its line and column") {
  const Model original = Model().parameter("a.weight", square).parameter("packed", {8, 4}).parameter("b", {3});
  const Model refactored = Model().parameter("x.weight", square).parameter("y.weight", square).parameter("b", {3});
  struct Row {
    const char* text;
    const char* rule;
    int line;
    int column;
    const char* message;
  };
  const std::vector<Row> rows = {
      {"{\n  \"a.weight\": \n}", "weight-map-json", 3, 1, "the weight map is no valid JSON"},
      {"{\"b\": \"b\",\n \"b\": \"b\"}", "weight-map-json", 2, 2, "appears twice"},
      {"\n  [1]", "weight-map-json", 2, 3, "the weight map is a list, not an object"},
      {"{\n  \"a.weight\": 7}", "weight-map-json", 2, 15, "a map value is a number"},
      {"{\n  \"a.weight\": []}", "weight-map-json", 2, 15, "is mapped to an empty list"},
      {"{\"a.weight\": [\"x.weight\",\n  null]}", "weight-map-json", 2, 3, "a map value is null"},
      {"{\"packed\": {\"key\": \"x.weight\",\n  \"row\": [0, 4]}}", "weight-map-json", 2, 3, "unknown member \"row\""},
      {"{\"packed\": {\"rows\": [0, 4]}}", "weight-map-json", 1, 12, "no \"key\""},
      {"{\"packed\": {\"key\": \"x.weight\",\n \"rows\": [4, 4]}}", "weight-map-json", 2, 10, "\"rows\" is [4,4]"},
      {"{\"packed\": {\"key\": \"x.weight\",\n \"rows\": [-1, 4]}}", "weight-map-json", 2, 10, "\"rows\" is [-1,4]"},
      {"{\"packed\": {\"key\": \"x.weight\",\n \"rows\": [0, 18446744073709551615]}}", "weight-map-json", 2, 10,
       "\"rows\" is [0,"},
      {"{\n  \"a.wieght\": \"x.weight\"}", "weight-unknown-key", 2, 3, "the original has no tensor \"a.wieght\""},
      {"{\"a.weight\":\n  \"x.weigth\"}", "weight-unknown-key", 2, 3,
       "the refactored model has no tensor \"x.weigth\""},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [4, 9]}}", "weight-shape", 1, 20,
       "rows 4 to 9 of \"packed\" do not exist"},
      {"{\"packed\": \"x.weight\"}", "weight-shape", 1, 12, "\"packed\" [8, 4] cannot fill \"x.weight\" [4, 4]"},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [0, 5]}}", "weight-shape", 1, 20,
       "rows 0 to 5 of \"packed\" [5, 4] cannot fill"},
      {"{\"a.weight\": [\"x.weight\", \"x.weight\"]}", "weight-not-one-to-one", 1, 27,
       "mapped twice: from \"a.weight\" and from \"a.weight\""},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [0, 4]}}", "weight-unmapped", 1, 2,
       "rows 4 to 8 of \"packed\" go nowhere"},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [4, 8]}}", "weight-unmapped", 1, 2,
       "rows 0 to 4 of \"packed\" go nowhere"},
      {"{\"packed\": [{\"key\": \"x.weight\", \"rows\": [0, 4]},\n {\"key\": \"y.weight\", \"rows\": [2, 6]}]}",
       "weight-not-one-to-one", 1, 2, "rows 2 to 4 of \"packed\" go to two refactored tensors"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const WeightMap map = map_models(original, refactored, row.text);
    const auto found = std::find_if(map.findings.begin(), map.findings.end(), [&](const Finding& f) {
      return f.rule == row.rule && f.message.find(row.message) != std::string::npos;
    });
    for (const Finding& f : map.findings)
      UNSCOPED_INFO(f.where.line << ":" << f.where.column << " " << f.rule << ": " << f.message);
    REQUIRE(found != map.findings.end());
    CHECK(found->severity == Severity::error);
    CHECK(found->where.file == "step/weight_map.json");
    CHECK(found->where.line == row.line);
    CHECK(found->where.column == row.column);
    CHECK_FALSE(found->help.empty());
  }
}

TEST_CASE("a fault in weight_map.json is told once, without complaints that follow from it") {
  const Model original = Model().parameter("packed", {8, 4});
  const Model refactored = Model().parameter("x", square).parameter("y", square);
  CHECK(rules(map_models(original, refactored,
                         R"({"packed": [{"key": "x", "rows": [0, 4]}, {"key": "y", "rows": [5, 4]}]})")) ==
        Lines{"weight-map-json"});
  CHECK(rules(map_models(original, refactored, R"({"packed": ["x", "y"]})")) == Lines{"weight-shape", "weight-shape"});
}

TEST_CASE("an unknown key brings the nearest names, and a reversed map is recognised") {
  const Model original = Model().parameter("encoder.weight", square);
  const Model refactored = Model().parameter("enc.linear.weight", square);
  const auto help = [&](const char* text) {
    const WeightMap map = map_models(original, refactored, text);
    REQUIRE_FALSE(map.findings.empty());
    return map.findings[0].help;
  };
  CHECK(help(R"({"encodr.weight": "enc.linear.weight"})").find("did you mean \"encoder.weight\"?") == 0);
  CHECK(help(R"({"encoder.weight": "enc.weight"})").find("did you mean \"enc.linear.weight\"?") == 0);
  CHECK(help(R"({"enc.linear.weight": "encoder.weight"})").find("the map goes from original to refactored keys") !=
        std::string::npos);
}

TEST_CASE("keys with JSON pointer characters are located") {
  const Model original = Model().parameter("a/b~c", square);
  const WeightMap map = map_models(original, Model().parameter("x", square), "{\n \"a/b~c\": 1}");
  REQUIRE_FALSE(map.findings.empty());
  CHECK(map.findings[0].where.line == 2);
  CHECK(map.findings[0].where.column == 11);
}

TEST_CASE("explicit dtypes must agree") {
  const Finding finding =
      only_finding(map_models(Model().parameter("a", {4}), Model().parameter("b", {4}, "float16"), R"({"a": "b"})"));
  CHECK(finding.rule == "weight-dtype");
  CHECK(finding.message == "\"a\" is float32 and \"b\" is float16");
}

TEST_CASE("null takes an original out, and nothing else may take it") {
  const Model original = Model().parameter("a", {4}).parameter("dead", {5});
  const WeightMap map = map_models(original, Model().parameter("a", {4}), R"({"dead": null})");
  CHECK(map.findings.empty());
  CHECK(map.unmapped_original == Lines{"dead"});
  const Finding finding = only_finding(map_models(original, original, R"({"dead": null})"));
  CHECK(finding.rule == "weight-unmapped");
  CHECK(finding.message ==
        "the refactored model's parameter \"dead\" float32 [5] takes its values from nothing: weight_map.json maps the "
        "original's \"dead\" to null");
}

TEST_CASE("the same name with another shape or dtype is told as that") {
  const Finding shape = only_finding(map_models(Model().parameter("a", {4, 2}), Model().parameter("a", {2, 4})));
  CHECK(shape.rule == "weight-shape");
  CHECK(shape.message == "\"a\" is [4, 2] in the original and [2, 4] in the refactored model");
  const Finding dtype = only_finding(map_models(Model().parameter("a", {4}), Model().parameter("a", {4}, "bfloat16")));
  CHECK(dtype.rule == "weight-dtype");
  CHECK(dtype.message == "\"a\" is float32 in the original and bfloat16 in the refactored model");
}

TEST_CASE("a refactored parameter of its own is an error; a slice of a packed one is guessed in the help") {
  const Finding own = only_finding(map_models(Model(), Model().parameter("extra", {4})));
  CHECK(own.rule == "weight-unmapped");
  CHECK(own.message ==
        "the refactored model's parameter \"extra\" float32 [4] takes its values from nothing: no unmapped parameter "
        "of the "
        "original has this dtype and shape");
  const WeightMap split = map_models(Model().parameter("qkv", {12, 4}), Model().parameter("q", square));
  CHECK(rules(split) == Lines{"weight-unmapped", "weight-unmapped"});
  CHECK(split.findings[0].help.find("{\"qkv\": [{\"key\": \"q\", \"rows\": [0, 4]}, ...]}") != std::string::npos);
}

TEST_CASE("what may be left of the original, and how it is told") {
  SECTION("integer buffers are notes") {
    const Finding finding = only_finding(map_models(Model().buffer("ids", {2}, "int64", {0, 1}), Model()));
    CHECK(finding.rule == "weight-unmapped");
    CHECK(finding.severity == Severity::note);
  }
  SECTION("a persistent float buffer is an error, read or not") {
    const Model original = Model().parameter("w", {2}).use(0).buffer("table", {2}, "float32", {1, 2});
    const Finding finding = only_finding(map_models(original, Model().parameter("w", {2}).use(0)));
    CHECK(finding.severity == Severity::error);
  }
  SECTION("one that state_dict() does not hold asks for a probe, and is a note if nothing read it") {
    const auto original = [](bool probed, bool read) {
      Model model;
      model.parameter("w", {2});
      if (probed) model.use(0);
      model.buffer("inv_freq", {2}, "float32", {1, 2}, false);
      if (read) model.use(1);
      return model;
    };
    const WeightMap unprobed = map_models(original(false, false), Model().parameter("w", {2}));
    CHECK(unprobed.needs_first_use);
    CHECK(only_finding(unprobed).severity == Severity::error);
    const Model refactored = Model().parameter("w", {2}).use(0);
    CHECK(only_finding(map_models(original(true, false), refactored)).severity == Severity::note);
    CHECK_FALSE(map_models(original(true, false), refactored).needs_first_use);
    CHECK(only_finding(map_models(original(true, true), refactored)).severity == Severity::error);
  }
  SECTION("a view of a mapped tensor is not left over") {
    Model original;
    original.parameter("w", {4, 2})
        .buffer("view", {4, 2}, "float32", {0, 0, 0, 0, 0, 0, 0, 0}, false, "attribute")
        .tie("w");
    CHECK(map_models(original, Model().parameter("w", {4, 2})).findings.empty());
  }
}

TEST_CASE("many leftovers are counted, not listed one by one") {
  Model original;
  for (int i = 0; i < 50; ++i) original.parameter("p" + std::to_string(i), {i + 1});
  const WeightMap map = map_models(original, Model());
  REQUIRE(map.findings.size() == 21);
  CHECK(map.findings.back().message == "30 more tensors of the original go nowhere");
  CHECK(map.unmapped_original.size() == 50);
}

TEST_CASE("descriptions: hostile replies are refused") {
  const Json good = {{"key", "a"},   {"kind", "parameter"}, {"dtype", "float32"}, {"shape", {2, 2}},
                     {"storage", 0}, {"storage_offset", 0}, {"persistent", true}, {"owner", "x"}};
  CHECK_NOTHROW(decode_description(Json{{"tensors", {good}}}, nullptr));
  CHECK_THROWS_AS(decode_description(Json::array(), nullptr), std::invalid_argument);
  CHECK_THROWS_AS(decode_description(Json{{"tensors", 3}}, nullptr), std::invalid_argument);
  CHECK_THROWS_WITH(decode_description(Json{{"tensors", {good, good}}}, nullptr), Catch::Contains("described twice"));
  struct Row {
    const char* field;
    Json value;
    const char* message;
  };
  const std::vector<Row> rows = {
      {"kind", "weight", "no kind of tensor"},
      {"dtype", "qint8", "quantized"},
      {"shape", {-1}, "\"shape\" holds -1"},
      {"shape", {std::int64_t{1} << 62, 8}, "more bytes than can be addressed"},
      {"strides", {1}, "1 strides for 2 dimensions"},
      {"strides", {std::int64_t{1} << 62, std::int64_t{1} << 62}, "can be addressed"},
      {"storage", "s", "\"storage\" is no integer"},
      {"storage_offset", -1, "\"storage_offset\""},
      {"storage_offset", std::int64_t{1} << 62, "further than can be addressed"},
      {"persistent", 1, "\"persistent\""},
      {"owner", nullptr, "\"owner\""},
      {"constant", "1", "\"constant\""},
      {"first_use", -3, "\"first_use\""},
      {"key", std::string(5000, 'k'), "a name of 5000 bytes"},
      {"value", {{"k", "none"}}, "its value is no tensor"},
      {"kind", "buffer", "its constructed value is missing"},
      {"dtype", "int64", "its constructed value is missing"},
  };
  for (const Row& row : rows) {
    INFO(row.field << " " << row.value.dump());
    Json bad = good;
    bad[row.field] = row.value;
    CHECK_THROWS_AS(decode_description(Json{{"tensors", {bad}}}, nullptr), std::invalid_argument);
    CHECK_THROWS_WITH(decode_description(Json{{"tensors", {bad}}}, nullptr), Catch::Contains(row.message));
  }
  for (const double constant : {1e300, 0.5}) {
    Json integers = good;
    integers["dtype"] = "int64";
    integers["constant"] = constant;
    CHECK_THROWS_WITH(decode_description(Json{{"tensors", {integers}}}, nullptr), Catch::Contains("no integer that can be kept"));
  }
  test::TensorFile file;
  Json buffer = good;
  buffer["kind"] = "buffer";
  buffer["value"] = file.add("float32", {4}, test::encode("float32", {1, 2, 3, 4}));
  CHECK_THROWS_WITH(decode_description(Json{{"tensors", {buffer}}}, file.file()),
                    Catch::Contains("another dtype or shape"));
}
