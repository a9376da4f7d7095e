// Workloads: what makes two kernels one, and what does not.

#include "checks/workloads.h"

#include "checks/kernel_identity.h"
#include "component_support.h"
#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

bool one_workload(const ComponentRun& a, const ComponentRun& b, const std::string& code_a = "same", const std::string& code_b = "same") {
  return find_duplicates({{"a_fp32", code_a, {a}}, {"b_fp32", code_b, {b}}}).size() == 1;
}

}  // namespace

TEST_CASE("parameter shapes, attributes and dtypes tell workloads apart") {
  CHECK(one_workload(linear(8, 4), linear(8, 4), "one", "other"));
  CHECK_FALSE(one_workload(linear(8, 4), linear(4, 8)));
  CHECK_FALSE(one_workload(linear(8, 4), linear(8, 4, false)));
  CHECK_FALSE(one_workload(linear(8, 4), linear(8, 4, true, "bfloat16")));
  CHECK_FALSE(one_workload(convolution({4, 4, 3, 3}, "[1, 1]", "[1, 1]", "1"), convolution({4, 4, 3, 3}, "[2, 2]", "[1, 1]", "1")));
  CHECK_FALSE(one_workload(pointwise("leaky_relu", {4}, {"negative_slope=0.1"}), pointwise("leaky_relu", {4}, {"negative_slope=0.2"})));
  CHECK_FALSE(one_workload(pointwise("relu", {4}), pointwise("relu_", {4})));
  CHECK_FALSE(one_workload(pointwise("relu", {4}), pointwise("gelu", {4}, {"approximate='none'"})));
}

TEST_CASE("shapes of inputs count only where there is nothing else") {
  CHECK(one_workload(pointwise("relu", {2, 4}), pointwise("relu", {2, 3, 8}), "one", "other"));
  CHECK_FALSE(one_workload(product({2, 8, 4}, {2, 4, 8}, {2, 8, 8}), product({2, 8, 8}, {2, 8, 4}, {2, 8, 4})));
  ComponentRun varying = product({2, 8, 4}, {2, 4, 8}, {2, 8, 8}), other = product({3, 8, 4}, {3, 4, 8}, {3, 8, 8});
  varying.sizes_are_data = other.sizes_are_data = true;
  varying.steady_inputs[0].shape[0] = varying.steady_inputs[1].shape[0] = other.steady_inputs[0].shape[0] = other.steady_inputs[1].shape[0] = -1;
  CHECK(one_workload(varying, other));
  CHECK_FALSE(one_workload(varying, product({3, 8, 4}, {3, 4, 8}, {3, 8, 8})));
}

TEST_CASE("sizes that differ between the calls of one instance are data") {
  ComponentRun cached = product({3, 1, 5}, {3, 5, 8}, {3, 1, 8});  // a cache that grows
  cached.operations.push_back(product({3, 1, 6}, {3, 6, 8}, {3, 1, 8}).operations[0]);
  cached.calls = 2;
  ComponentRun longer = product({3, 1, 7}, {3, 7, 8}, {3, 1, 8});
  longer.operations.push_back(product({3, 1, 8}, {3, 8, 8}, {3, 1, 8}).operations[0]);
  longer.calls = 2;
  CHECK(one_workload(cached, longer));
  ComponentRun scores = product({3, 5, 8}, {3, 8, 1}, {3, 5, 1});
  scores.operations.push_back(product({3, 6, 8}, {3, 8, 1}, {3, 6, 1}).operations[0]);
  scores.calls = 2;
  CHECK_FALSE(one_workload(cached, scores));
}

TEST_CASE("where the tape does not tell, the code does") {
  const auto minus = run_of_one("sub", {tensor({2, 4}), tensor({2, 4})}, tensor({2, 4}), {"alpha=1"});  // a - b or b - a
  CHECK(one_workload(minus, minus));
  CHECK_FALSE(one_workload(minus, minus, "a - b", "b - a"));
  auto scale = run_of_one("mul", {tensor({2, 4}), tensor({})}, tensor({2, 4}));  // by 2 or by 3
  scale.inputs.pop_back();
  CHECK_FALSE(one_workload(scale, scale, "x * 2", "x * 3"));
  ComponentRun mask = pointwise("mul", {4, 4});
  mask.tensors.push_back({"mask", "buffer", {4, 4}, "bool"});
  CHECK_FALSE(one_workload(mask, mask, "tril", "triu"));
  CHECK_FALSE(one_workload(mask, mask, "", ""));  // unknown code equals nothing
}

TEST_CASE("one file is one workload") {
  auto other = linear(4, 8);
  other.instance = "down";
  auto findings = check_workloads({{"linear_fp32", "", {linear(8, 4), other}}});
  CHECK(rules_of(findings) == Names{"name-two-workloads"});
  CHECK(findings.at(0).message ==
        "is one name for two workloads: as `part` and as `down` it does not do the same; one owns parameter float32 [4, 8], the other owns "
        "parameter float32 [8, 4]");
  CHECK(findings.at(0).help == "Make a file of each: linear_8x4_fp32.py and linear_4x8_fp32.py.");
  CHECK(check_workloads({{"linear_8x4_fp32", "", {linear(8, 4), linear(8, 4)}}}).empty());
  other.calls = 0;  // an expert that got no token
  CHECK(check_workloads({{"linear_fp32", "", {linear(8, 4), other}}}).empty());
}

TEST_CASE("of two files for one workload the well named one stays") {
  auto kept = find_duplicates({{"up_8x4_fp32", "", {linear(8, 4)}}, {"linear_8x4_fp32", "", {linear(8, 4)}}});
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].keep == 1);
  auto findings = check_workloads({{"up_8x4_fp32", "", {linear(8, 4)}}, {"gate_8x4_fp32", "", {linear(8, 4)}}});
  CHECK(rules_of(findings) == Names{"name-duplicate"});
  CHECK(findings.at(0).where.file == "gate_8x4_fp32");
}
