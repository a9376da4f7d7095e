// Strict JSON: what is refused, and where the complaint points.

#include <catch2/catch.hpp>

#include <string>

#include "core/json.h"

using namespace decomp;

namespace {

JsonError error_of(std::string_view text, int depth = 256) {
  auto parsed = parse_json(text, depth);
  INFO(text);
  REQUIRE(std::holds_alternative<JsonError>(parsed));
  return std::get<JsonError>(parsed);
}

Json value_of(std::string_view text, int depth = 256) {
  auto parsed = parse_json(text, depth);
  if (const auto* error = std::get_if<JsonError>(&parsed)) FAIL(error->message);
  return std::get<Json>(parsed);
}

}  // namespace

TEST_CASE("values keep their kind and objects their order", "[json]") {
  const Json value = value_of(R"( {"z": 1, "a": [true, null, -2.5e3, "\u00e9\n"], "m": {}} )");
  CHECK(value.dump() == R"({"z":1,"a":[true,null,-2500.0,"é\n"],"m":{}})");
  CHECK(value_of("18446744073709551615").get<std::uint64_t>() == 18446744073709551615u);
  CHECK(value_of("0").is_number_integer());
  CHECK(value_of("0.0").is_number_float());
}

TEST_CASE("what is not strict JSON is refused at its line and column", "[json]") {
  const auto at = [](std::string_view text) { return std::make_pair(error_of(text).line, error_of(text).column); };
  using Place = std::pair<int, int>;
  CHECK(at("{\"a\": 1,\n \"b\": }") == Place(2, 7));
  CHECK(at("[1, 2] x") == Place(1, 8));
  CHECK(at("[1, 2,]") == Place(1, 7));
  CHECK(at("// note\n1") == Place(1, 1));
  CHECK(at("{'a': 1}") == Place(1, 2));
  CHECK(at("\xEF\xBB\xBF{}") == Place(1, 1));
  CHECK(at("[\"\xff\"]") == Place(1, 3));
  CHECK(at("[NaN]").first == 1);
  CHECK(at("").first == 1);
  CHECK(at("[1e999]").first == 1);
  CHECK_FALSE(error_of("[01]").message.empty());
}

TEST_CASE("a key that appears twice is refused where it stands the second time", "[json]") {
  const JsonError error = error_of("{\n  \"fc.weight\": 1,\n  \"fc.bias\": 2,\n  \"fc.weight\": 3\n}");
  CHECK(error.line == 4);
  CHECK(error.column == 3);
  CHECK(error.message.find("\"fc.weight\"") != std::string::npos);
  CHECK_NOTHROW(value_of(R"({"a": {"a": 1}, "b": {"a": 2}})"));
  CHECK(error_of(R"({"a": 1, "\u0061": 2})").message.find("twice") != std::string::npos);

  std::string large = "{";
  for (int i = 0; i < 40; ++i) large += "\"k" + std::to_string(i) + "\": 0, ";
  CHECK(value_of(large + "\"last\": 0}").size() == 41);
  CHECK(error_of(large + "\"k3\": 0}").message.find("\"k3\"") != std::string::npos);
}

TEST_CASE("depth is limited, and the limit is exact", "[json]") {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK_NOTHROW(value_of(nested(256)));
  CHECK(error_of(nested(257)).column == 257);
  CHECK(error_of(nested(100000)).message.find("256") != std::string::npos);
  CHECK_NOTHROW(value_of(nested(3), 3));
  CHECK(error_of(nested(4), 3).column == 4);
}

TEST_CASE("values and keys are found again in the text", "[json]") {
  const std::string text = "{\n  \"nodes\": {\n    \"root\": {\"path\": \"a\\\"]}\", \"n\": [10, {\"x\": null}, -3.5]}\n  },\n  \"a/b\": 1, \"t~\": 2\n}";
  value_of(text);
  CHECK(locate_json(text, "") == TextPosition{1, 1});
  CHECK(locate_json(text, "/nodes/root/path") == TextPosition{3, 22});
  CHECK(locate_json(text, "/nodes/root/n/1/x") == TextPosition{3, 47});
  CHECK(locate_json(text, "/nodes/root/n/2") == TextPosition{3, 54});
  CHECK(locate_json(text, "/a~1b") == TextPosition{5, 10});
  CHECK(locate_json(text, "/t~0") == TextPosition{5, 19});
  CHECK(locate_json_key(text, "/nodes", "root") == TextPosition{3, 5});
  CHECK(locate_json_key(text, "/nodes/root/n/1", "x") == TextPosition{3, 42});
  CHECK(locate_json(text, "/nodes/other") == TextPosition{0, 0});
  CHECK(locate_json(text, "/nodes/root/n/3") == TextPosition{0, 0});
  CHECK(locate_json(text, "/nodes/root/n/x") == TextPosition{0, 0});
  CHECK(locate_json(text, "nodes") == TextPosition{0, 0});
  CHECK(locate_json_key(text, "/nodes/root/n", "x") == TextPosition{0, 0});
}
