#include <catch2/catch.hpp>

#include "checks/output_shapes.h"

using namespace decomp;

namespace {

Json value(const char* text) { return Json::parse(text); }
const char* const two = R"({"k":"list","items":[{"k":"tuple","items":[{"k":"int","v":"2"},{"k":"int","v":"3"}]},{"k":"list","items":[]}]})";
const char* const alone = R"({"k":"tuple","items":[{"k":"int","v":"2"},{"k":"int","v":"3"}]})";

std::vector<Severity> severities(const Shapes& declared, const std::vector<RanTensor>& outputs) {
  std::vector<Severity> list;
  for (const Finding& f : check_output_shapes(declared, outputs, {"x.py", 7})) {
    CHECK(f.rule == "component-output-shape");
    CHECK(f.where.line == 7);
    list.push_back(f.severity);
  }
  return list;
}

const RanTensor matrix = {"output[0]", {2, 3}, "float32"}, scalar = {"output[1]", {}, "int64"};

}  // namespace

TEST_CASE("declared shapes: lists of shapes, and one shape without a list") {
  CHECK(declared_shapes(value(two)) == Shapes{{2, 3}, {}});
  CHECK(declared_shapes(value(alone)) == Shapes{{2, 3}});
  CHECK(declared_shapes(value(R"({"k":"list","items":[]})")) == Shapes{});
}

TEST_CASE("declared shapes: None is a size that the data decide") {
  const auto rows = declared_shapes(value(R"({"k":"list","items":[{"k":"tuple","items":[{"k":"none"},{"k":"int","v":"3"}]}]})"));
  REQUIRE(rows);
  CHECK(severities(*rows, {matrix}).empty());
  CHECK(severities(*rows, {{"output[0]", {7, 3}, "float32"}}).empty());
  CHECK(severities(*rows, {{"output[0]", {7, 4}, "float32"}}) == std::vector<Severity>{Severity::error});
  CHECK(severities(*rows, {{"output[0]", {7, 3, 1}, "float32"}}) == std::vector<Severity>{Severity::error});
}

TEST_CASE("declared shapes: anything else is none") {
  for (const char* text : {R"({"k":"none"})", R"({"k":"str","v":"large"})", R"({"k":"list","items":[{"k":"str","v":"2"}]})",
                           R"({"k":"list","items":[{"k":"list","items":[{"k":"int","v":"-1"}]}]})",
                           R"({"k":"list","items":[{"k":"list","items":[{"k":"float","v":"0x1p+1"}]}]})",
                           R"({"k":"dict","keys":["s:x"],"items":[{"k":"int","v":"2"}]})"})
    CHECK(declared_shapes(value(text)) == std::nullopt);
}

TEST_CASE("output shapes: equal ones are silent, others are errors, a list that stops early is a note") {
  CHECK(severities({{2, 3}, {}}, {matrix, scalar}).empty());
  CHECK(severities({{3, 2}, {}}, {matrix, scalar}) == std::vector<Severity>{Severity::error});
  CHECK(severities({{2, 3, 1}, {1}}, {matrix, scalar}) == std::vector<Severity>{Severity::error, Severity::error});
  CHECK(severities({{2, 3}}, {matrix, scalar}) == std::vector<Severity>{Severity::note});
  CHECK(severities({{3, 2}}, {matrix, scalar}) == std::vector<Severity>{Severity::error, Severity::note});
  CHECK(severities({{2, 3}, {}, {}}, {matrix, scalar}) == std::vector<Severity>{Severity::error});
}
