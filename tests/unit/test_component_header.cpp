// Headers of components as people write them: what is read, what is untrue, what is only unreadable.

#include <catch2/catch.hpp>

#include "checks/component_header.h"
#include "python_facts.h"

using namespace decomp;

namespace {

Facts facts_of(const std::string& source) { return std::move(python_facts({source}).at(0)); }

ComponentHeader header_of(const std::string& docstring) { return read_header(facts_of("\"\"\"\n" + docstring + "\n\"\"\"\nimport torch\n")); }

// "error 3: ..." and "note 1: ..." of a header against what ran.
std::vector<std::string> judged(const std::string& docstring, const RanTensors& ran) {
  std::vector<std::string> told;
  for (const Finding& f : check_header(header_of(docstring), ran, "x.py")) {
    CHECK(f.rule == (f.severity == Severity::error ? "component-header" : "component-header-unread"));
    told.push_back(std::string(to_string(f.severity)) + " " + std::to_string(f.where.line) + ": " + f.message);
  }
  return told;
}

std::vector<std::string> errors(const std::string& docstring, const RanTensors& ran) {
  std::vector<std::string> list;
  for (const std::string& text : judged(docstring, ran))
    if (text.rfind("error", 0) == 0) list.push_back(text);
  return list;
}

const RanTensor x = {"input[0]", {2, 64}, "float32"}, mask = {"input[1]", {64, 64}, "bool"}, tokens = {"input[0]", {2, 8}, "int64"};
const RanTensor weight = {"linear.weight", {32, 64}, "float32"}, bias = {"linear.bias", {32}, "float32"};

}  // namespace

TEST_CASE("header: the template's form is read") {
  const auto header = header_of(
      "Component: linear\nInput Shapes:\n  - x: [2, 64] dtype=float32\n\nOutput Shapes:\n  - output: [2, 32] dtype=float32\n\n"
      "Weight Shapes:\n  - linear.weight: [32, 64]\n  - linear.bias: [32]\n\nNotes:\n  - none: [1, 2, 3]");
  REQUIRE(header.inputs.size() == 1);
  CHECK(header.inputs[0].name == "x");
  CHECK(header.inputs[0].dtype == "float32");
  CHECK(header.inputs[0].line == 4);
  REQUIRE(header.inputs[0].shape);
  CHECK(*header.inputs[0].shape == std::vector<std::optional<std::int64_t>>{2, 64});
  CHECK(header.outputs.size() == 1);
  CHECK(header.weights.size() == 2);
}

TEST_CASE("header: true ones are silent, however they are written") {
  for (const char* text : {"- x: [2, 64] dtype=float32", "- x: (2, 64) dtype=torch.float32", "- x: (2, 64), dtype: fp32", "* `x`: [2,64] float32",
                           "- x: torch.Size([2, 64]) dtype=float32", "- x: float32 [2, 64]", "- x: [2, 64] dtype=float32 (int64 would not do)",
                           "- x: [batch, 64]", "- x: [*, 64] dtype=float"}) {
    INFO(text);
    CHECK(judged(std::string("Input Shapes:\n  ") + text, {{x}, {}, {}}).empty());
  }
  CHECK(judged("Output Shapes:\n  - loss: [] dtype=float32", {{}, {{"output", {}, "float32"}}, {}}).empty());
  CHECK(judged("Output Shapes:\n  - loss: scalar float32", {{}, {{"output", {}, "float32"}}, {}}).empty());
}

TEST_CASE("header: untrue shapes and dtypes are errors at their line") {
  CHECK(judged("Input Shapes:\n  - x: [2, 32] dtype=float32", {{x}, {}, {}}) ==
        std::vector<std::string>{"error 3: the header says that input `x` is float32 [2, 32]; it is float32 [2, 64]"});
  CHECK(errors("Input Shapes:\n  - x: [2, 64, 1]", {{x}, {}, {}}).size() == 1);
  CHECK(errors("Input Shapes:\n  - x: [2, 64] dtype=bf16", {{x}, {}, {}}).size() == 1);
  CHECK(errors("Input Shapes:\n  - x: [batch, 32]", {{x}, {}, {}}).size() == 1);
  CHECK(errors("Output Shapes:\n  - y: scalar", {{}, {x}, {}}).size() == 1);
}

TEST_CASE("header: text that is no shape is a note") {
  for (const char* text : {"- x: the hidden states", "- x", "- x: [2, 64] and [64, 2]", "- x: [2, 64", "- x: [..., 64]"}) {
    INFO(text);
    const auto told = judged(std::string("Input Shapes:\n  ") + text, {{x}, {}, {}});
    CHECK(told.size() == 1);
    CHECK(errors(std::string("Input Shapes:\n  ") + text, {{x}, {}, {}}).empty());
  }
  CHECK(judged("Input Shapes:\n  - none", {{}, {}, {}}).empty());
}

TEST_CASE("header: without a docstring there is one note") {
  const auto findings = check_header(read_header(facts_of("import torch\n")), {{x}, {}, {weight}}, "x.py");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::note);
}

TEST_CASE("header: lists of other lengths agree where one is a part of the other, in order") {
  CHECK(errors("Input Shapes:\n  - mask: [64, 64] dtype=bool", {{x, mask}, {}, {}}).empty());
  CHECK(errors("Input Shapes:\n  - x: [2, 64]\n  - cache: [1, 1]\n  - mask: [64, 64]", {{x, mask}, {}, {}}).empty());
  CHECK(errors("Input Shapes:\n  - mask: [64, 64]\n  - x: [2, 64]", {{x, mask}, {}, {}}).size() == 2);
  CHECK(errors("Input Shapes:\n  - other: [3, 3]", {{x, mask}, {}, {}}).size() == 1);
  // A plain number is no tensor: it is read over.
  CHECK(errors("Input Shapes:\n  - x: [2, 64]\n  - scale: 0.5\n  - mask: [64, 64]", {{x, mask}, {}, {}}).empty());
}

TEST_CASE("header: weights go by name, its ending, or a pattern") {
  CHECK(judged("Weight Shapes:\n  - linear.weight: [32, 64]\n  - linear.bias: [32]", {{}, {}, {weight, bias}}).empty());
  CHECK(judged("Weight Shapes:\n  - weight: [32, 64]\n  - bias: [32]", {{}, {}, {weight, bias}}).empty());
  CHECK(judged("Weight Shapes:\n  - projection: [32, 64]\n  - bias: [32]", {{}, {}, {weight, bias}}).empty());
  CHECK(errors("Weight Shapes:\n  - linear.weight: [64, 32]", {{}, {}, {weight, bias}}).size() == 1);
  CHECK(errors("Weight Shapes:\n  - linear.scale: [7]", {{}, {}, {weight, bias}}).size() == 1);
  const RanTensors blocks = {{}, {}, {{"blocks.0.w", {4}, "float32"}, {"blocks.1.w", {4}, "float32"}, {"blocks.1.v", {5}, "float32"}}};
  CHECK(errors("Weight Shapes:\n  - blocks.*.w: [4]\n  - blocks.*.v: [5]", blocks).empty());
  CHECK(errors("Weight Shapes:\n  - blocks.*.w: [5]", blocks).size() == 1);
  CHECK(errors("Weight Shapes:\n  - blocks.*.*: [4]", blocks).size() == 1);  // a pattern speaks of all that it names
}

TEST_CASE("header: weights that it does not list are one note") {
  const auto told = judged("Weight Shapes:\n  - linear.weight: [32, 64]", {{}, {}, {weight, bias}});
  CHECK(told == std::vector<std::string>{"note 3: the header does not list the weight `linear.bias`"});
}

TEST_CASE("header: integers keep their dtype") {
  CHECK(errors("Input Shapes:\n  - tokens: [2, 8] dtype=int64", {{tokens}, {}, {}}).empty());
  CHECK(errors("Input Shapes:\n  - tokens: [2, 8] dtype=int32", {{tokens}, {}, {}}).size() == 1);
}
