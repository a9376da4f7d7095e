#include <catch2/catch.hpp>

#include <algorithm>

#include "tensor/weights.h"
#include "tensor_support.h"

using namespace decomp;

namespace {

// A description in the making. Keys get a storage each unless told otherwise.
class Model {
 public:
  Model& parameter(const std::string& key, const std::vector<std::int64_t>& shape, const std::string& dtype = "float32") {
    return add(key, "parameter", shape, dtype, "");
  }
  Model& buffer(const std::string& key, const std::vector<std::int64_t>& shape, const std::string& dtype, const std::vector<double>& values,
                bool persistent = true, const char* kind = "buffer") {
    add(key, kind, shape, dtype, test::encode(dtype, values));
    last()["persistent"] = persistent;
    return *this;
  }
  Model& use(std::int64_t position) {
    last()["first_use"] = position;
    return *this;
  }
  Model& tie(const std::string& key) {
    for (const Json& node : tensors_)
      if (node["key"] == key) last()["storage"] = node["storage"];
    return *this;
  }
  ModelDescription describe() const { return decode_description(Json{{"tensors", tensors_}}, file_.file()); }

 private:
  Model& add(const std::string& key, const char* kind, const std::vector<std::int64_t>& shape, const std::string& dtype,
             const std::string& value) {
    Json node = {{"key", key},
                 {"kind", kind},
                 {"dtype", dtype},
                 {"shape", shape},
                 {"storage", tensors_.size()},
                 {"storage_offset", 0},
                 {"persistent", true},
                 {"owner", "torch.nn.modules.linear.Linear"}};
    if (std::string(kind) != "parameter") node["value"] = file_.add(dtype, shape, value);
    tensors_.push_back(std::move(node));
    return *this;
  }
  Json& last() { return tensors_.back(); }

  Json tensors_ = Json::array();
  test::TensorFile file_;
};

WeightMap map_models(const Model& original, const Model& refactored, const std::string& json = "") {
  const Source source{"step/weight_map.json", "", json, ""};
  return map_weights(original.describe(), refactored.describe(), json.empty() ? nullptr : &source);
}

// "refactored<-original (how)" lines, sorted; rows as [a,b].
std::vector<std::string> lines(const WeightMap& map) {
  std::vector<std::string> all;
  for (const auto& [key, target] : map.by_refactored) {
    std::string line = key + "<-" + target.original;
    if (target.row_begin >= 0) line += "[" + std::to_string(target.row_begin) + "," + std::to_string(target.row_end) + "]";
    all.push_back(line + " (" + target.how + ")");
  }
  return all;
}

using Lines = std::vector<std::string>;

Finding only_finding(const WeightMap& map) {
  for (const Finding& f : map.findings) UNSCOPED_INFO(f.rule << ": " << f.message);
  REQUIRE(map.findings.size() == 1);
  return map.findings[0];
}

Lines rules(const WeightMap& map) {
  Lines all;
  for (const Finding& f : map.findings) all.push_back(f.rule);
  return all;
}

using Shape = std::vector<std::int64_t>;
const Shape square = {4, 4};

}  // namespace

TEST_CASE("equal names of equal shape and dtype are mapped") {
  const Model model = Model().parameter("a.weight", {2, 3}).parameter("a.bias", {2}).buffer("mask", {2}, "bool", {1, 0});
  const WeightMap map = map_models(model, model);
  CHECK(lines(map) == Lines{"a.bias<-a.bias (equal name)", "a.weight<-a.weight (equal name)", "mask<-mask (equal name)"});
  CHECK(map.findings.empty());
  CHECK(map.unmapped_original.empty());
  CHECK(map.unmapped_refactored.empty());
  CHECK_FALSE(map.needs_first_use);
}

TEST_CASE("models without weights map to nothing") {
  const WeightMap map = map_models(Model(), Model());
  CHECK(map.by_refactored.empty());
  CHECK(map.findings.empty());
}

TEST_CASE("paths: components added or removed at the end") {
  const Model original = Model().parameter("q_proj.weight", square).parameter("k_proj.weight", square).parameter("out.linear.weight", square);
  const Model refactored =
      Model().parameter("k_proj.linear.weight", square).parameter("q_proj.linear.weight", square).parameter("out.weight", square);
  const WeightMap map = map_models(original, refactored);
  CHECK(lines(map) == Lines{"k_proj.linear.weight<-k_proj.weight (path)", "out.weight<-out.linear.weight (path)",
                            "q_proj.linear.weight<-q_proj.weight (path)"});
  CHECK(map.findings.empty());
}

TEST_CASE("paths: the nearest enclosing module counts, also the model itself") {
  const Model original = Model().parameter("scale", {4}).parameter("block.scale", {4});
  const Model refactored = Model().parameter("block.norm.scale", {4}).parameter("kernel.scale", {4});
  CHECK(lines(map_models(original, refactored)) == Lines{"block.norm.scale<-block.scale (path)", "kernel.scale<-scale (path)"});
}

TEST_CASE("paths: intermediate names dropped and added, with the layer's index kept") {
  Model original, refactored;
  for (const char* layer : {"0", "1", "2"}) {
    original.parameter(std::string("layers.") + layer + ".mlp.up.weight", {8, 4}).parameter(std::string("layers.") + layer + ".mlp.up.bias", {8});
    refactored.parameter(std::string("layers.") + layer + ".up.linear.weight", {8, 4})
        .parameter(std::string("layers.") + layer + ".up.linear.bias", {8});
  }
  const WeightMap map = map_models(original, refactored);
  CHECK(map.findings.empty());
  REQUIRE(map.by_refactored.size() == 6);
  CHECK(map.by_refactored.at("layers.1.up.linear.weight").original == "layers.1.mlp.up.weight");
  CHECK(map.by_refactored.at("layers.2.up.linear.bias").original == "layers.2.mlp.up.bias");
}

TEST_CASE("paths: a path that contains the other in order is enough among several") {
  const Model original = Model().parameter("net.up.weight", square).parameter("net.down.weight", square);
  const Model refactored = Model().parameter("net.mlp.down.linear.weight", square).parameter("net.mlp.up.linear.weight", square);
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"net.mlp.down.linear.weight<-net.down.weight (path)", "net.mlp.up.linear.weight<-net.up.weight (path)"});
}

TEST_CASE("paths: the last part, the shape and the dtype must agree") {
  const Model original = Model().parameter("fc.weight", square);
  CHECK(map_models(original, Model().parameter("fc.linear.kernel", square)).by_refactored.empty());
  CHECK(map_models(original, Model().parameter("fc.linear.weight", {4, 5})).by_refactored.empty());
  CHECK(map_models(original, Model().parameter("fc.linear.weight", square, "float64")).by_refactored.empty());
}

TEST_CASE("never shape alone: one tensor left on each side needs more than its shape") {
  const Model original = Model().parameter("alpha.weight", square);
  const Model refactored = Model().parameter("beta.weight", square);
  const WeightMap map = map_models(original, refactored);
  CHECK(map.by_refactored.empty());
  CHECK(map.needs_first_use);
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-ambiguous");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.message ==
        "1 refactored parameter float32 [4, 4], \"beta.weight\", could take the values of \"alpha.weight\" of the original; their names do "
        "not say which");
  CHECK(finding.help == "write a weight_map.json next to refactored.py: {\"alpha.weight\": \"beta.weight\"}");
}

TEST_CASE("order of first use decides between equal shapes registered in another order") {
  const Model original = Model().parameter("wq", square).use(5).parameter("wk", square).use(2).parameter("wv", square).use(9);
  const Model refactored =
      Model().parameter("first.weight", square).use(1).parameter("third.weight", square).use(7).parameter("second.weight", square).use(3);
  const WeightMap map = map_models(original, refactored);
  CHECK(lines(map) == Lines{"first.weight<-wk (order of first use)", "second.weight<-wq (order of first use)",
                            "third.weight<-wv (order of first use)"});
  CHECK(map.findings.empty());
  CHECK_FALSE(map.needs_first_use);
}

TEST_CASE("order of first use counts within one shape and dtype only") {
  const Model original = Model().parameter("a", {2}).use(0).parameter("b", {3}).use(1).parameter("c", {2}, "float64").use(2);
  const Model refactored = Model().parameter("z", {2}, "float64").use(0).parameter("y", {3}).use(1).parameter("x", {2}).use(2);
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"x<-a (order of first use)", "y<-b (order of first use)", "z<-c (order of first use)"});
}

TEST_CASE("order of first use: unequal numbers, unused tensors and simultaneous uses are ambiguous") {
  const Model two = Model().parameter("a", square).use(0).parameter("b", square).use(1);
  CHECK(rules(map_models(two, Model().parameter("x", square).use(0))) == Lines{"weight-ambiguous"});
  CHECK(rules(map_models(two, Model().parameter("x", square).use(0).parameter("y", square))) == Lines{"weight-ambiguous"});
  CHECK(rules(map_models(two, Model().parameter("x", square).use(0).parameter("y", square).use(0))).size() == 1);
  const WeightMap probed = map_models(two, Model().parameter("x", square).use(0));
  CHECK_FALSE(probed.needs_first_use);
  CHECK(probed.findings[0].message ==
        "1 refactored parameter float32 [4, 4], \"x\", could take the values of \"a\", \"b\" of the original; their names do not say which, "
        "nor does the order in which the two models first use them");
}

TEST_CASE("order of first use: an original that nothing reads is left out, and needs a word") {
  const Model original = Model().parameter("a", square).use(0).parameter("unused", square);
  const WeightMap map = map_models(original, Model().parameter("x", square).use(0));
  CHECK(lines(map) == Lines{"x<-a (order of first use)"});
  CHECK(map.unmapped_original == Lines{"unused"});
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-unmapped");
  CHECK(finding.message == "the original's parameter \"unused\" float32 [4, 4] goes nowhere");
}

TEST_CASE("order of first use: tensors used by one operation are told apart by their last part") {
  const Model original = Model().parameter("cell.b_hh", {4}).use(3).parameter("cell.b_ih", {4}).use(3);
  const Model refactored = Model().parameter("k.b_ih", {4}).use(1).parameter("k.b_hh", {4}).use(1);
  CHECK(lines(map_models(original, refactored)) == Lines{"k.b_hh<-cell.b_hh (order of first use)", "k.b_ih<-cell.b_ih (order of first use)"});
  const Model renamed = Model().parameter("k.one", {4}).use(1).parameter("k.two", {4}).use(1);
  CHECK(map_models(original, renamed).by_refactored.empty());
}

TEST_CASE("ties of the original feed several refactored tensors") {
  const Model original = Model().parameter("embed.weight", {10, 4}).use(0).parameter("head.weight", {10, 4}).tie("embed.weight").use(0);
  SECTION("by name, one key each") {
    const Model refactored = Model().parameter("embed.weight", {10, 4}).parameter("head.linear.weight", {10, 4});
    CHECK(lines(map_models(original, refactored)) == Lines{"embed.weight<-embed.weight (equal name)", "head.linear.weight<-head.weight (path)"});
  }
  SECTION("by order of first use, where all candidates are one tensor") {
    const Model refactored = Model().parameter("x.w", {10, 4}).use(0).parameter("y.w", {10, 4}).use(7).parameter("z.w", {10, 4}).use(9);
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"x.w<-embed.weight (order of first use)", "y.w<-head.weight (order of first use)",
                              "z.w<-head.weight (order of first use)"});
    CHECK(map.findings.empty());
  }
  SECTION("one refactored tensor for both names leaves none over") {
    const WeightMap map = map_models(original, Model().parameter("embed.weight", {10, 4}));
    CHECK(map.findings.empty());
    CHECK(map.unmapped_original.empty());
  }
}

TEST_CASE("a probe that saw only the first of tied names counts for all of them") {
  const Model original = Model().parameter("embed.weight", square).use(0).parameter("head.weight", square).tie("embed.weight").parameter("w", square).use(1);
  const Model refactored = Model().parameter("embed.weight", square).use(0).parameter("x", square).use(1).parameter("y", square).use(2);
  // Left: head.weight (first used at 0, as embed.weight) and w on one side, x and y on the other.
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"embed.weight<-embed.weight (equal name)", "x<-head.weight (order of first use)", "y<-w (order of first use)"});
}

TEST_CASE("one untied original does not feed two refactored tensors by itself") {
  const Model original = Model().parameter("embed.weight", {10, 4}).use(0);
  const Model refactored = Model().parameter("embed.weight", {10, 4}).use(0).parameter("head.weight", {10, 4}).use(4);
  const WeightMap map = map_models(original, refactored);
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-unmapped");
  CHECK(map.unmapped_refactored == Lines{"head.weight"});
  const WeightMap told = map_models(original, refactored, R"({"embed.weight": ["embed.weight", "head.weight"]})");
  CHECK(told.findings.empty());
  CHECK(lines(told) == Lines{"embed.weight<-embed.weight (explicit)", "head.weight<-embed.weight (explicit)"});
}

TEST_CASE("ties of the refactored model") {
  SECTION("one memory under two names takes one source") {
    const Model original = Model().parameter("norm.weight", {4});
    const Model refactored = Model().parameter("norm.weight", {4}).parameter("again.weight", {4}).tie("norm.weight");
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"again.weight<-norm.weight (tied)", "norm.weight<-norm.weight (equal name)"});
    CHECK(map.findings.empty());
  }
  SECTION("two tensors of the original do not fit into one memory") {
    const Model original = Model().parameter("a", {4}).parameter("b", {4});
    const Model refactored = Model().parameter("a", {4}).parameter("b", {4}).tie("a");
    const Finding finding = only_finding(map_models(original, refactored));
    CHECK(finding.rule == "weight-not-one-to-one");
    CHECK(finding.message ==
          "the refactored model ties \"a\" and \"b\" to one tensor, but they take the values of two: \"a\" and \"b\"");
  }
  SECTION("tied on both sides") {
    const Model model = Model().parameter("a", {4}).parameter("b", {4}).tie("a");
    CHECK(map_models(model, model).findings.empty());
  }
}

TEST_CASE("an explicit swap is followed") {
  const Model model = Model().parameter("q.weight", square).parameter("k.weight", square);
  const WeightMap map = map_models(model, model, R"({"q.weight": "k.weight", "k.weight": "q.weight"})");
  CHECK(lines(map) == Lines{"k.weight<-q.weight (explicit)", "q.weight<-k.weight (explicit)"});
  CHECK(map.findings.empty());
}

TEST_CASE("a packed tensor is split by rows") {
  const Model original = Model().parameter("in_proj", {12, 4}).parameter("in_bias", {12});
  const Model refactored = Model()
                               .parameter("q.weight", square).parameter("k.weight", square).parameter("v.weight", square)
                               .parameter("q.bias", {4}).parameter("kv.bias", {8});
  const WeightMap map = map_models(original, refactored, R"({
    "in_proj": [{"key": "k.weight", "rows": [4, 8]}, {"key": "q.weight", "rows": [0, 4]}, {"key": "v.weight", "rows": [8, 12]}],
    "in_bias": [{"key": "q.bias", "rows": [0, 4]}, {"key": "kv.bias", "rows": [4, 12]}]})");
  CHECK(map.findings.empty());
  CHECK(lines(map) == Lines{"k.weight<-in_proj[4,8] (explicit)", "kv.bias<-in_bias[4,12] (explicit)", "q.bias<-in_bias[0,4] (explicit)",
                            "q.weight<-in_proj[0,4] (explicit)", "v.weight<-in_proj[8,12] (explicit)"});
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
      {"{\"packed\": {\"key\": \"x.weight\",\n \"rows\": [0, 18446744073709551615]}}", "weight-map-json", 2, 10, "\"rows\" is [0,"},
      {"{\n  \"a.wieght\": \"x.weight\"}", "weight-unknown-key", 2, 3, "the original has no tensor \"a.wieght\""},
      {"{\"a.weight\":\n  \"x.weigth\"}", "weight-unknown-key", 2, 3, "the refactored model has no tensor \"x.weigth\""},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [4, 9]}}", "weight-shape", 1, 20, "rows 4 to 9 of \"packed\" do not exist"},
      {"{\"packed\": \"x.weight\"}", "weight-shape", 1, 12, "\"packed\" [8, 4] cannot fill \"x.weight\" [4, 4]"},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [0, 5]}}", "weight-shape", 1, 20, "rows 0 to 5 of \"packed\" [5, 4] cannot fill"},
      {"{\"a.weight\": [\"x.weight\", \"x.weight\"]}", "weight-not-one-to-one", 1, 27, "mapped twice: from \"a.weight\" and from \"a.weight\""},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [0, 4]}}", "weight-unmapped", 1, 2, "rows 4 to 8 of \"packed\" go nowhere"},
      {"{\"packed\": {\"key\": \"x.weight\", \"rows\": [4, 8]}}", "weight-unmapped", 1, 2, "rows 0 to 4 of \"packed\" go nowhere"},
      {"{\"packed\": [{\"key\": \"x.weight\", \"rows\": [0, 4]},\n {\"key\": \"y.weight\", \"rows\": [2, 6]}]}", "weight-not-one-to-one", 1, 2,
       "rows 2 to 4 of \"packed\" go to two refactored tensors"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const WeightMap map = map_models(original, refactored, row.text);
    const auto found = std::find_if(map.findings.begin(), map.findings.end(), [&](const Finding& f) {
      return f.rule == row.rule && f.message.find(row.message) != std::string::npos;
    });
    for (const Finding& f : map.findings) UNSCOPED_INFO(f.where.line << ":" << f.where.column << " " << f.rule << ": " << f.message);
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
  CHECK(rules(map_models(original, refactored, R"({"packed": [{"key": "x", "rows": [0, 4]}, {"key": "y", "rows": [5, 4]}]})")) ==
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
  CHECK(help(R"({"enc.linear.weight": "encoder.weight"})").find("the map goes from original to refactored keys") != std::string::npos);
}

TEST_CASE("keys with JSON pointer characters are located") {
  const Model original = Model().parameter("a/b~c", square);
  const WeightMap map = map_models(original, Model().parameter("x", square), "{\n \"a/b~c\": 1}");
  REQUIRE_FALSE(map.findings.empty());
  CHECK(map.findings[0].where.line == 2);
  CHECK(map.findings[0].where.column == 11);
}

TEST_CASE("explicit dtypes must agree") {
  const Finding finding = only_finding(map_models(Model().parameter("a", {4}), Model().parameter("b", {4}, "float16"), R"({"a": "b"})"));
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
        "the refactored model's parameter \"dead\" float32 [5] takes its values from nothing: weight_map.json maps the original's \"dead\" to null");
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
  CHECK(own.message == "the refactored model's parameter \"extra\" float32 [4] takes its values from nothing: no unmapped parameter of the "
                       "original has this dtype and shape");
  const WeightMap split = map_models(Model().parameter("qkv", {12, 4}), Model().parameter("q", square));
  CHECK(rules(split) == Lines{"weight-unmapped", "weight-unmapped"});
  CHECK(split.findings[0].help.find("{\"qkv\": [{\"key\": \"q\", \"rows\": [0, 4]}, ...]}") != std::string::npos);
}

TEST_CASE("a parameter and a buffer are not taken for one another without a word") {
  const Model original = Model().parameter("fc.scale", {4});
  const Model refactored = Model().buffer("fc.k.scale", {4}, "float32", {1, 1, 1, 1});
  CHECK(map_models(original, refactored).by_refactored.empty());
  CHECK(map_models(original, refactored, R"({"fc.scale": "fc.k.scale"})").findings.empty());
}

TEST_CASE("buffers without a common name are mapped by their constructed value, if it is unique") {
  const Model original = Model().buffer("bias", {2, 2}, "float32", {1, 0, 1, 1}).buffer("freqs", {2, 2}, "float32", {1, 2, 3, 4});
  SECTION("unique values") {
    const Model refactored = Model().buffer("k.cos", {2, 2}, "float32", {1, 2, 3, 4}).buffer("k.mask", {2, 2}, "float32", {1, 0, 1, 1}, false);
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"k.cos<-freqs (equal value)", "k.mask<-bias (equal value)"});
    CHECK(map.findings.empty());
  }
  SECTION("another value is no counterpart") {
    const Model refactored = Model().buffer("k.cos", {2, 2}, "float32", {1, 2, 3, 5}).buffer("k.mask", {2, 2}, "float32", {1, 0, 1, 1});
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"k.mask<-bias (equal value)"});
    CHECK(map.unmapped_refactored == Lines{"k.cos"});
    CHECK(rules(map) == Lines{"weight-ambiguous"});
  }
  SECTION("several equal float buffers are left to the order of first use") {
    const Model two = Model().buffer("m0", {2}, "float32", {1, 0}).use(0).buffer("m1", {2}, "float32", {1, 0}).use(1);
    const Model other = Model().buffer("k1", {2}, "float32", {1, 0}).use(5).buffer("k0", {2}, "float32", {1, 0}).use(2);
    CHECK(lines(map_models(two, other)) == Lines{"k0<-m0 (order of first use)", "k1<-m1 (order of first use)"});
  }
  SECTION("a float buffer never feeds two by its value") {
    const Model shared = Model().buffer("mask", {2}, "float32", {1, 0});
    const Model each = Model().buffer("a.m", {2}, "float32", {1, 0}).buffer("b.m", {2}, "float32", {1, 0});
    const WeightMap map = map_models(shared, each);
    CHECK(map.by_refactored.empty());
    CHECK(rules(map) == Lines{"weight-ambiguous"});
  }
}

TEST_CASE("integer and bool buffers are never refilled, so any equal one will do, several times") {
  const Model original = Model().buffer("position_ids", {3}, "int64", {0, 1, 2});
  const Model refactored = Model()
                               .buffer("position_ids", {3}, "int64", {0, 1, 2})
                               .buffer("k.ids", {3}, "int64", {0, 1, 2})
                               .buffer("k.attribute", {3}, "int64", {0, 1, 2}, false, "attribute");
  CHECK(lines(map_models(original, refactored)) == Lines{"k.attribute<-position_ids (equal value)", "k.ids<-position_ids (equal value)",
                                                         "position_ids<-position_ids (equal name)"});
  const Model other = Model().buffer("position_ids", {3}, "int64", {0, 1, 2}).buffer("k.ids", {3}, "int64", {0, 1, 3});
  const Finding finding = only_finding(map_models(original, other));
  CHECK(finding.rule == "weight-unmapped");
  CHECK(finding.message.find("\"k.ids\" int64 [3] takes its values from nothing") != std::string::npos);
}

TEST_CASE("an equal name keeps a buffer whose constructed values differ") {
  const Model original = Model().buffer("mask", {2}, "float32", {1, 0});
  const WeightMap map = map_models(original, Model().buffer("mask", {2}, "float32", {0, 0}));
  CHECK(lines(map) == Lines{"mask<-mask (equal name)"});
  CHECK(map.findings.empty());
}

TEST_CASE("a value that only the map supplies is warned of where state_dict() would not supply it") {
  const auto mask = [](std::vector<double> values, bool persistent, const char* kind = "buffer") {
    return Model().buffer("mask", {2}, "float32", values, persistent, kind);
  };
  const WeightMap map = map_models(mask({1, 0}, false), mask({1, 1}, false));
  CHECK(map.constructed_differently == Lines{"mask"});
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-constructed");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.message ==
        "the refactored model's buffer \"mask\" float32 [2] is constructed with other values than the original's \"mask\", and state_dict() "
        "does not hold it: it was proved with the original's values only");
  CHECK(map_models(mask({1, 0}, true), mask({1, 1}, false, "attribute")).constructed_differently == Lines{"mask"});
  CHECK(map_models(mask({1, 0}, false), mask({1, 1}, true)).findings.empty());        // state_dict() transfers it
  CHECK(map_models(mask({1, 0}, false), mask({1, 0}, false)).findings.empty());       // equal
  CHECK(map_models(mask({1, 3}, false), mask({1, 3.00001}, false)).findings.empty());  // another way to compute it
  Model alias, other;
  alias.parameter("w", {2}).buffer("view", {2}, "float32", {1, 2}, false, "attribute").tie("w");
  other.parameter("w", {2}).buffer("view", {2}, "float32", {5, 6}, false, "attribute").tie("w");
  CHECK(map_models(alias, other).findings.empty());  // initial values of a parameter
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
    original.parameter("w", {4, 2}).buffer("view", {4, 2}, "float32", {0, 0, 0, 0, 0, 0, 0, 0}, false, "attribute").tie("w");
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

TEST_CASE("thousands of equal tensors are mapped quickly and rightly") {
  Model original, refactored;
  for (int layer = 0; layer < 40; ++layer)
    for (int expert = 0; expert < 64; ++expert) {
      const std::string at = std::to_string(layer) + ".experts." + std::to_string(expert);
      original.parameter("layers." + at + ".ffn.up.weight", square);
      refactored.parameter("layers." + at + ".up.linear.weight", square);
    }
  const WeightMap map = map_models(original, refactored);
  CHECK(map.findings.empty());
  CHECK(map.by_refactored.at("layers.17.experts.63.up.linear.weight").original == "layers.17.experts.63.ffn.up.weight");
}

TEST_CASE("descriptions: hostile replies are refused") {
  const Json good = {{"key", "a"},         {"kind", "parameter"}, {"dtype", "float32"}, {"shape", {2, 2}}, {"storage", 0},
                     {"storage_offset", 0}, {"persistent", true},  {"owner", "x"}};
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
      {"shape", {-1}, "negative"},
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
  test::TensorFile file;
  Json buffer = good;
  buffer["kind"] = "buffer";
  buffer["value"] = file.add("float32", {4}, test::encode("float32", {1, 2, 3, 4}));
  CHECK_THROWS_WITH(decode_description(Json{{"tensors", {buffer}}}, file.file()), Catch::Contains("another dtype or shape"));
}
