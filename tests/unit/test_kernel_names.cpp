// What a kernel's name claims, and the name that decomp gives.

#include "checks/kernel_claims.h"
#include "checks/kernel_name.h"
#include "component_support.h"
#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

Names rules_for(const std::string& file, const ComponentRun& run, const std::vector<std::int64_t>& literals = {}) {
  return rules_of(check_kernel_name(file, run, literals).findings);
}

std::string message(const std::string& file, const ComponentRun& run) {
  const auto verdict = check_kernel_name(file, run, {});
  REQUIRE(verdict.findings.size() == 1);
  return verdict.findings[0].message;
}

const Names none = {}, untrue = {"name-untrue"}, generic = {"name-generic"}, suffix = {"name-suffix"};

}  // namespace

TEST_CASE("the name that decomp gives: operation, dimensions of the parameters, attributes that are not the default, dtype") {
  CHECK(kernel_name(linear(768, 3072), "x") == "linear_768x3072_fp32");
  CHECK(kernel_name(linear(768, 3072, false, "bfloat16"), "x") == "linear_768x3072_nobias_bf16");
  CHECK(kernel_name(convolution({16, 8, 3, 3}, "[1, 1]", "[0, 0]", "1"), "x") == "conv2d_8x16_3x3_fp32");
  CHECK(kernel_name(convolution({16, 2, 3, 1}, "[2, 2]", "[1, 0]", "4"), "x") == "conv2d_8x16_3x1_s2_p1x0_g4_fp32");
  CHECK(kernel_name(pointwise("relu", {2, 3}), "x") == "relu_fp32");
  CHECK(kernel_name(pointwise("relu_", {2, 3}), "x") == "relu_inplace_fp32");
  CHECK(kernel_name(pointwise("leaky_relu", {2, 3}, {"negative_slope=0.01"}), "x") == "leaky_relu_fp32");
  CHECK(kernel_name(pointwise("leaky_relu", {2, 3}, {"negative_slope=0.2"}), "x") == "leaky_relu_0p2_fp32");
  CHECK(kernel_name(pointwise("gelu", {2, 3}, {"approximate='tanh'"}), "x") == "gelu_tanh_fp32");
  CHECK(kernel_name(pointwise("softmax", {2, 3}, {"dim=-1"}), "x") == "softmax_dimlast_fp32");
  CHECK(kernel_name(pointwise("softmax", {2, 3}, {"dim=1"}), "x") == "softmax_dim1_fp32");
  CHECK(kernel_name(pointwise("clamp", {2, 3}, {"min=-1e+01", "max=0.5"}), "x") == "clamp_minm10_max0p5_fp32");
  CHECK(kernel_name(product({1, 12, 8, 4}, {1, 12, 4, 8}, {1, 12, 8, 8}), "x") == "matmul_1x12x8x4_1x12x4x8_fp32");
  CHECK(kernel_name(run_of_one("embedding", {tensor({100, 16}, "float32", 0), tensor({2, 5}, "int64")}, tensor({2, 5, 16})), "x") ==
        "embedding_100x16_i64_fp32");
  CHECK(kernel_name(run_of_one("max_pool2d", {tensor({1, 4, 8, 8})}, tensor({1, 4, 4, 4}),
                               {"kernel_size=[2, 2]", "stride=[2, 2]", "padding=[0, 0]", "dilation=[1, 1]", "ceil_mode=False"}),
                    "x") == "max_pool2d_k2_fp32");
  CHECK(kernel_name(run_of_one("add", {tensor({2, 6}), tensor({6}, "float32", 0)}, tensor({2, 6}), {"alpha=1"}), "linear_6x6_fp32") == "bias_add_6_fp32");
}

TEST_CASE("the author's words stay where several operations are one kernel") {
  ComponentRun rotary = pointwise("cos", {4, 8});
  rotary.operations.push_back(pointwise("mul", {4, 8}).operations[0]);
  CHECK(kernel_name(rotary, "rotary_embedding_8") == "rotary_embedding_8_fp32");
  CHECK(kernel_name(rotary, "rotary_embedding_8_fp32_3") == "rotary_embedding_8_fp32");
}

TEST_CASE("dimensions of a known operation are those of its parameter, in the direction of the data") {
  CHECK(rules_for("linear_768x3072_fp32", linear(768, 3072)) == none);
  CHECK(rules_for("linear_3072x768_fp32", linear(768, 3072)) == untrue);
  CHECK(message("linear_3072x768_fp32", linear(768, 3072)) == "is named after 3072x768 but has 768x3072 (features in and out)");
  CHECK(rules_for("up_projection_3072x768_fp32", linear(768, 3072)) == none);  // free words
  CHECK(rules_for("up_projection_768x3000_fp32", linear(768, 3072)) == untrue);
  CHECK(rules_for("conv2d_8x16_3x3_fp32", convolution({16, 2, 3, 3}, "[1, 1]", "[0, 0]", "4")) == none);
  CHECK(rules_for("conv2d_2x16_3x3_fp32", convolution({16, 2, 3, 3}, "[1, 1]", "[0, 0]", "4")) == untrue);
  CHECK(rules_for("conv2d_8x16_5x5_fp32", convolution({16, 8, 3, 3}, "[1, 1]", "[0, 0]", "1")) == untrue);
  CHECK(rules_for("matmul_2x8x4_2x4x8_fp32", product({2, 8, 4}, {2, 4, 8}, {2, 8, 8})) == none);
  CHECK(rules_for("matmul_2x8x4_2x8x4_fp32", product({2, 8, 4}, {2, 4, 8}, {2, 8, 8})) == none);
  CHECK(rules_for("matmul_4x8x2_2x4x8_fp32", product({2, 8, 4}, {2, 4, 8}, {2, 8, 8})) == untrue);
}

TEST_CASE("a single number is a dimension, an attribute or a number of the code") {
  CHECK(rules_for("buckets_8_fp32", pointwise("relu", {2, 8})) == none);
  CHECK(rules_for("buckets_9_fp32", pointwise("relu", {2, 8})) == untrue);
  CHECK(rules_for("buckets_9_fp32", pointwise("relu", {2, 8}), {9}) == none);
  CHECK(rules_for("limit_10_fp32", pointwise("clamp", {2, 8}, {"max=1e+01"})) == none);
}

TEST_CASE("attributes of a known operation") {
  const auto conv = convolution({16, 8, 3, 3}, "[2, 2]", "[1, 1]", "1");
  CHECK(rules_for("conv2d_8x16_3x3_s2_p1_fp32", conv) == none);
  CHECK(rules_for("conv2d_8x16_3x3_s2p1_fp32", conv) == none);
  CHECK(rules_for("conv2d_8x16_3x3_s1_p1_fp32", conv) == untrue);
  CHECK(message("conv2d_8x16_3x3_s1_fp32", conv) == "is named after stride 1 (`s1`) but runs conv with stride [2, 2]");
  CHECK(rules_for("downsample_8x16_s1_fp32", conv) == none);  // free words: `s1` may mean anything
  CHECK(rules_for("softmax_dim1_fp32", pointwise("softmax", {2, 3}, {"dim=-1"})) == none);
  CHECK(rules_for("softmax_dimlast_fp32", pointwise("softmax", {2, 3}, {"dim=1"})) == none);
  CHECK(rules_for("softmax_dim0_fp32", pointwise("softmax", {2, 3}, {"dim=1"})) == untrue);
}

TEST_CASE("a name says a dtype, and a dimension where there are parameters") {
  CHECK(rules_for("relu", pointwise("relu", {2, 3})) == generic);
  CHECK(message("relu", pointwise("relu", {2, 3})) == "its name says no dtype; it works on float32");
  CHECK(rules_for("relu_float32", pointwise("relu", {2, 3})) == none);
  CHECK(rules_for("linear_fp32", linear(8, 4)) == generic);
  CHECK(rules_for("head_4_fp32", linear(8, 4)) == none);
  CHECK(rules_for("scale_fp32", run_of_one("mul", {tensor({2, 6}), tensor({1}, "float32", 0)}, tensor({2, 6}))) == none);  // nothing to say
  CHECK(rules_for("conv2d_fp32", convolution({2, 2, 1, 1}, "[1, 1]", "[0, 0]", "1")) == generic);  // the 2 of conv2d is no dimension
}

TEST_CASE("a bare number behind the dtype") {
  CHECK(rules_for("relu_fp32_2", pointwise("relu", {2, 3})) == suffix);
  CHECK(rules_for("relu_fp32_v2", pointwise("relu", {2, 3})) == none);
  CHECK(check_kernel_name("relu_fp32_2", pointwise("relu", {2, 3}), {}).better == "relu_fp32");
}
