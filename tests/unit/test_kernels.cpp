// Kernels against their names and levels, on tapes written by hand.

#include "checks/kernels.h"

#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

// What one component, in the file with this name and level, is told after it ran these operations.
std::vector<Finding> judge(const std::string& file, const std::vector<Op>& ops, const std::string& level = "kernel") {
  const std::vector<ModuleInstance> modules = {{}, {.path = "part", .child = file, .component = "part"}};
  Tape tape = ops.empty() ? Pen().input("x").in(1).returns({"x"}) : run_of(ops, 1);
  auto findings = check_kernels(tape, modules, {{file, level}});
  for (const Finding& f : findings) CHECK(f.where.file == file);
  return findings;
}

Names rules_for(const std::string& file, const std::vector<Op>& ops, const std::string& level = "kernel") {
  return rules_of(judge(file, ops, level));
}

Op op(const std::string& name, const std::string& dtype = "float32") { return {name, {"x"}, {"y"}, {}, {4}, dtype}; }

const Names none = {}, level = {"level-kernel"}, name = {"name-untrue"};

}  // namespace

TEST_CASE("the level is what the header says") {
  CHECK(declared_level("\"\"\"\nComponent: a\nAbstraction Level: Kernel\n\"\"\"") == "kernel");
  CHECK(declared_level("# Abstraction Level:fusion (L1)") == "fusion");
  CHECK(declared_level("import torch\n") == "");
  CHECK(declared_level("") == "");
  CHECK(declared_level("Abstraction Level:") == "");
}

TEST_CASE("a kernel is one operation") {
  CHECK(rules_for("linear_4x4_fp32", {op("linear")}) == none);
  CHECK(rules_for("linear_4x4_fp32",
                  {{"linear", {"x"}, {"h"}}, {"add", {"h", "x"}, {"s"}}, {"dropout", {"s"}, {"y"}}}) == none);
  auto findings = judge("project_4x4_fp32", {{"linear", {"x"}, {"h"}}, {"relu", {"h"}, {"y"}}});
  CHECK(rules_of(findings) == level);
  CHECK(findings.at(0).message == "is a kernel of more than one logical operation: it runs linear, relu");
  CHECK(rules_for("project_4x4_fp32", {{"conv2d", {"x"}, {"h"}}, {"batch_norm", {"h"}, {"y"}}}) == level);
}

TEST_CASE("a norm or a pool is a whole layer, too") {
  CHECK(rules_for("normalize_4_fp32", {{"layer_norm", {"x"}, {"h"}}, {"relu", {"h"}, {"y"}}}) == level);
  CHECK(rules_for("shrink_fp32", {{"max_pool2d", {"x"}, {"h"}}, {"sigmoid", {"h"}, {"y"}}}) == level);
  CHECK(rules_for("normalize_4_fp32", {{"layer_norm", {"x"}, {"h"}}, {"add", {"h", "x"}, {"y"}}}) == none);
  // A helper of pointwise operations is one semantic kernel.
  CHECK(rules_for("route_k2_fp32", {{"softmax", {"x"}, {"h"}}, {"topk", {"h"}, {"y"}}}) == none);
}

TEST_CASE("an operation written out in a declared form is one") {
  CHECK(rules_for("attend_fp32",
                  {{"matmul", {"q", "k"}, {"s"}}, {"softmax", {"s"}, {"p"}}, {"matmul", {"p", "v"}, {"y"}}}) == none);
  CHECK(rules_for("softmax_dimlast_fp32",
                  {{"amax", {"x"}, {"m"}}, {"exp", {"x"}, {"e"}}, {"sum", {"e"}, {"s"}}, {"div", {"e", "s"}, {"y"}}}) ==
        none);
}

TEST_CASE("a projection with its activation is no recurrent cell, and a cell is one operation") {
  for (const char* activation : {"relu", "tanh", "sigmoid"})
    CHECK(rules_for("project_4x4_fp32", {{"linear", {"x"}, {"h"}}, {activation, {"h"}, {"y"}}}) == level);
  CHECK(rules_for("memory_4x4_fp32", {{"linear", {"x"}, {"h"}},
                                      {"sigmoid", {"h"}, {"s"}},
                                      {"tanh", {"h"}, {"t"}},
                                      {"mul", {"s", "t"}, {"y"}}}) == none);
}

TEST_CASE("two products with a weight each are two operations, two instances of one kernel are not") {
  const std::vector<ModuleInstance> modules = {{},
                                               {.path = "one", .child = "linear_4x4_fp32", .component = "one"},
                                               {.path = "two", .child = "linear_4x4_fp32", .component = "two"}};
  const auto judged = [&](const std::vector<std::pair<int, std::string>>& calls) {
    Pen pen;
    pen.input("x").weight("a", 0, {4, 4}).weight("b", 1, {4, 4}).weight("bias", 2);
    std::string last = "x";
    for (const auto& [instance, weight] : calls) {
      pen.in(instance).op({"linear", {last, weight, "bias"}, {last + weight}});
      last += weight;
    }
    return rules_of(check_kernels(pen.returns({last}), modules, {{"linear_4x4_fp32", "kernel"}}));
  };
  CHECK(judged({{1, "a"}, {2, "b"}}) == none);
  CHECK(judged({{1, "a"}, {1, "a"}}) == none);  // one weight, again
  CHECK(judged({{1, "a"}, {1, "b"}}) == level);
}

TEST_CASE("a projection with a softmax is no attention") {
  CHECK(rules_for("score_4x4_fp32", {{"linear", {"x"}, {"h"}}, {"softmax", {"h"}, {"y"}}}) == level);
  CHECK(rules_for("score_4x4_fp32", {{"linear", {"x"}, {"h"}}, {"scaled_dot_product_attention", {"h", "h", "h"}, {"y"}}}) == level);
}

TEST_CASE("only kernels are judged") {
  const std::vector<Op> two = {{"linear", {"x"}, {"h"}}, {"relu", {"h"}, {"y"}}};
  for (const char* other : {"fusion", "layer", "model", ""}) CHECK(rules_for("sigmoid_bf16", two, other) == none);
  CHECK(rules_for("sigmoid_bf16", two).size() == 3);
}

TEST_CASE("a kernel runs the operation of its name") {
  CHECK(rules_for("relu_fp32", {op("relu")}) == none);
  CHECK(rules_for("relu_fp32", {op("relu_")}) == none);
  CHECK(rules_for("relu_fp32", {op("clamp_min")}) == none);
  CHECK(rules_for("conv2d_3x8_3x3_p1_fp32", {op("convolution")}) == none);
  CHECK(rules_for("bmm_2x5x16_2x16x5_fp32", {op("matmul")}) == none);
  auto findings = judge("relu_fp32", {op("gelu")});
  CHECK(rules_of(findings) == name);
  CHECK(findings.at(0).message == "is named `relu` but runs gelu");
  CHECK(rules_for("log_softmax_dim1_fp32", {op("sigmoid")}) == name);
  CHECK(rules_for("log_softmax_dim1_fp32", {op("log_softmax")}) == none);  // the longest word counts, not "log"
}

TEST_CASE("words that are no known operation are free") {
  CHECK(rules_for("squash_fp32", {op("norm")}) == none);
  CHECK(rules_for("softmax_pool_fp32", {op("mean")}) == none);
  CHECK(rules_for("relative_position_fp32", {op("embedding")}) == none);  // begins with "rel", not with "relu"
}

TEST_CASE("a kernel that runs nothing has no operation to its name") {
  auto findings = judge("gelu_fp32", {});
  CHECK(rules_of(findings) == name);
  CHECK(findings.at(0).message == "is named `gelu` but runs no compute operation");
  CHECK(rules_for("identity_fp32", {}) == none);
}

TEST_CASE("a kernel works on the dtypes of its name") {
  CHECK(rules_for("gelu_bf16", {{"gelu", {"x"}, {"y"}, {}, {4}, "bfloat16"}}) == none);
  auto findings = judge("gelu_bf16", {op("gelu")});
  CHECK(rules_of(findings) == name);
  CHECK(findings.at(0).message == "is named after dtype bfloat16 but works on float32");
  CHECK(rules_for("argmax_dimlast_fp32_i64", {op("argmax", "int64")}) == none);
  CHECK(rules_for("argmax_dimlast_fp32_i32", {op("argmax", "int64")}) == name);
}
