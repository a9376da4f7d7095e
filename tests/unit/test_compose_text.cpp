#include <catch2/catch.hpp>

#include "pipeline/compose_text.h"
#include "pipeline/text_edits.h"
#include "python_facts.h"

using namespace decomp;

namespace {

// The only statement of that kind and name in a module.
Node definition(const Facts& facts, const std::string& name) {
  for (const Node& statement : facts.module().list("body"))
    if (statement.text("name") == name) return statement;
  FAIL("no definition of " << name);
  return {};
}

const std::string parent = R"(import torch
import torch.nn as nn
from children.block import Model as Block
from children.linear_4x4_fp32 import Model as Linear


def half(x):  # of the parent
    return x * 0.5


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Linear()
        self.block = Block()

    def forward(self, x):
        # The residual stays here.
        return half(x) + self.block(self.first(x))
)";

const std::string child = R"(import torch.nn as nn
from children.relu_fp32 import Model as Relu
from children.linear_4x4_fp32 import Model as Projection


def half(x):
    return x * 2


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = Relu()
        self.projection = Projection()

    def forward(self, x):
        return half(self.projection(self.relu(x)))
)";

}  // namespace

TEST_CASE("a composed text: classes below names of their own, the root last") {
  const auto facts = python_facts({parent, child});
  const std::vector<ComposePart> parts = {
      {"model", &facts[0], parent, "RefactoredModel", {{"block", {1, ""}}, {"linear_4x4_fp32", {-1, "linear_4x4_fp32"}}}},
      {"gated_block", &facts[1], child, "RefactoredModel", {{"relu_fp32", {-1, "relu_fp32"}}, {"linear_4x4_fp32", {-1, "linear_4x4_fp32"}}}}};
  const ComposedText text = compose_text(parts, {"main"});
  CHECK(text.imports == std::vector<std::string>{"import torch.nn as nn"});  // torch itself is used by neither class
  // One kernel has two names in the steps: neither is its own.
  CHECK(text.kernels == std::vector<std::pair<std::string, std::string>>{{"linear_4x4_fp32", "Linear4x4Fp32"}, {"relu_fp32", "Relu"}});
  CHECK(text.body.find("class GatedBlock(nn.Module):") < text.body.find("class ComposedModel(nn.Module):"));
  CHECK(text.body.find("self.block = GatedBlock()") != std::string::npos);
  CHECK(text.body.find("self.first = Linear4x4Fp32()") != std::string::npos);
  CHECK(text.body.find("# The residual stays here.") != std::string::npos);
  CHECK(text.body.find("from children") == std::string::npos);
  // Two helpers of one name are two.
  CHECK(text.body.find("def half(x):") != std::string::npos);
  CHECK(text.body.find("def half_2(x):") != std::string::npos);
  CHECK(python_facts({text.body})[0].module().is("Module"));
}

TEST_CASE("names of classes from names of files") {
  CHECK(class_name_of("causal_mask_64x64_fp32") == "CausalMask64x64Fp32");
  CHECK(class_name_of("relu") == "Relu");
}

TEST_CASE("edits keep what they do not touch") {
  const std::string source = "# above\n@decorated\ndef name(x):  # beside\n    return f\"{name} {{name}} {x.name} name\" + name(x)\n\nother = 1; last = 2\n";
  const auto facts = python_facts({source});
  const Node function = definition(facts[0], "name");
  CHECK(source_of(source, function).rfind("def name(x):", 0) == 0);
  TextEdits edits(source);
  CHECK(edits.statement(function) == "# above\n@decorated\ndef name(x):  # beside\n    return f\"{name} {{name}} {x.name} name\" + name(x)");
  edits.rename_definition(function, "other_name");
  const Node sum = function.list("body")[0].child("value");
  edits.replace_in_string(sum.child("left"), "name", "other_name");
  edits.replace(sum.child("right").child("func"), "other_name");
  CHECK(edits.statement(function) == "# above\n@decorated\ndef other_name(x):  # beside\n    return f\"{other_name} {{name}} {x.name} name\" + other_name(x)");
  CHECK(edits.statement(facts[0].module().list("body")[1]) == "other = 1");  // its line holds another statement
}

TEST_CASE("an edit that changes nothing is none, and a node without a place has no text") {
  const std::string source = "x = y\r\nz = 1\r\n";
  const auto facts = python_facts({source});
  TextEdits edits(source);
  edits.replace(facts[0].module().list("body")[0].child("value"), "y");
  CHECK(edits.statement(facts[0].module().list("body")[0]) == "x = y");  // line ends of one kind
  CHECK(source_of(source, Node()).empty());
}
