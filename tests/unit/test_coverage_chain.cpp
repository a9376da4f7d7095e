// Coverage of whole decompositions, on tapes written by hand: step 1 takes the model apart, step 2 its child `second`.

#include "checks/coverage_chain.h"
#include "checks/coverage_workload.h"
#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

const Op norm = {"layer_norm", {"x"}, {"n"}};
const Op linear = {"linear", {"n"}, {"h"}};
const Op relu = {"relu", {"h"}, {"y"}};

// The model is norm, linear, relu; `first` is the norm, `second` the other two.
RecordedStep model_step() {
  RecordedStep step;
  step.shown = "step_1";
  step.identity = "model";
  step.children = {{"first_file", "norm", "level_0_kernel/norm.py", true}, {"second_file", "mlp", "level_1_fusion/mlp.py", false}};
  step.original = run_of({norm, linear, relu}, 0);
  for (std::size_t i = 0; i < step.original.entries.size(); ++i) step.original.entries[i].file = 0, step.original.entries[i].line = 10 + static_cast<int>(i);
  step.refactored = Pen().input("x").in(1).op(norm).in(2).op(linear).op(relu).returns({"y"});
  step.modules = plain_model;
  step.refactored_modules = two_children;
  step.files = {"model.py"};
  return step;
}

// `second` alone: its linear is `first`, its relu is `second`.
RecordedStep mlp_step(const std::vector<Op>& in_second = {relu}) {
  RecordedStep step;
  step.shown = "step_2";
  step.identity = "mlp";
  step.children = {{"first_file", "linear", "level_0_kernel/linear.py", true}, {"second_file", "relu", "level_0_kernel/relu.py", true}};
  step.original = run_of({linear, relu}, 0);
  Pen pen;
  pen.input("n").in(1).op(linear).in(2);
  for (const Op& op : in_second) pen.op(op);
  step.refactored = pen.returns({"h"});
  step.modules = plain_model;
  step.refactored_modules = two_children;
  step.refactored_files = {"refactored.py", "linear.py", "relu.py"};
  return step;
}

const CoveredOperation& operation(const CoverageReport& report, const std::string& name) {
  for (const CoveredOperation& o : report.operations)
    if (o.name == name) return o;
  FAIL("no operation " << name);
  return report.operations.at(0);
}

}  // namespace

TEST_CASE("coverage chain: every operation is made by a kernel, in its own step or one below") {
  const auto report = cover_chain({model_step(), mlp_step()}, 0);
  CHECK(report.status == "FULL_COVERAGE");
  CHECK(report.percent() == 100.0);
  CHECK(report.total_original == 3);
  CHECK(report.total_decomposed == 3);
  CHECK(report.recorded);
  REQUIRE(report.children.size() == 3);
  for (const CoverageChild& kernel : report.children) CHECK(kernel.instances == 1);
  for (const char* name : {"layer_norm", "linear", "relu"}) CHECK(operation(report, name).status == "covered");
}

TEST_CASE("coverage chain: a child without a step leaves all of its operations open, at the original's lines") {
  const auto report = cover_chain({model_step()}, 0);
  CHECK(report.status == "PARTIAL_COVERAGE");
  CHECK(report.covered == 1);
  REQUIRE(report.missing.size() == 2);
  CHECK(report.missing[0].name == "linear");
  CHECK(report.missing[0].where.file == "model.py");
  CHECK(report.missing[0].where.line == 11);
  CHECK(report.missing[1].where.line == 12);
  CHECK(operation(report, "linear").status == "missing");
  CHECK(operation(report, "linear").decomposed == 0);
}

TEST_CASE("coverage chain: what a step below leaves open is open in the whole") {
  const auto report = cover_chain({model_step(), mlp_step({{"gt", {"h"}, {"mask"}}})}, 0);
  REQUIRE(report.missing.size() == 1);
  CHECK(report.missing[0].name == "relu");
  CHECK(report.missing[0].where.line == 12);
  CHECK(report.percent() == Approx(66.6667));
}

TEST_CASE("coverage chain: of several like operations, the one that is open below is the one that is named") {
  const Op again = {"relu", {"y"}, {"z"}};
  RecordedStep top = model_step(), below = mlp_step();
  top.original = run_of({norm, linear, relu, again}, 0);
  for (std::size_t i = 0; i < top.original.entries.size(); ++i) top.original.entries[i].file = 0, top.original.entries[i].line = 10 + static_cast<int>(i);
  top.refactored = Pen().input("x").in(1).op(norm).in(2).op(linear).op(relu).op(again).returns({"z"});
  below.original = run_of({linear, relu, again}, 0);
  below.refactored = Pen().input("n").in(1).op(linear).in(2).op(relu).in(0).op(again).returns({"z"});
  const auto report = cover_chain({top, below}, 0);
  REQUIRE(report.missing.size() == 1);
  CHECK(report.missing[0].where.line == 13);
  CHECK(operation(report, "relu").status == "partial");
}

TEST_CASE("coverage chain: an operation that a kernel adds is extra, wherever the kernel is") {
  const auto report = cover_chain({model_step(), mlp_step({relu, {"sigmoid", {"y"}, {"s"}}})}, 0);
  CHECK(report.missing.empty());
  REQUIRE(report.extra.size() == 1);
  CHECK(report.extra[0].name == "sigmoid");
  CHECK(report.status == "PARTIAL_COVERAGE");
  CHECK(operation(report, "sigmoid").status == "extra");
}

TEST_CASE("coverage chain: instances multiply along the steps") {
  RecordedStep top = model_step();
  top.original = run_of({norm, linear, relu, {"linear", {"y"}, {"h2"}}, {"relu", {"h2"}, {"y2"}}}, 0);
  top.refactored = Pen().input("x").in(1).op(norm).in(2).op(linear).op(relu).in(2).op({"linear", {"y"}, {"h2"}}).op({"relu", {"h2"}, {"y2"}}).returns({"y2"});
  const auto report = cover_chain({top, mlp_step()}, 0);
  CHECK(report.status == "FULL_COVERAGE");
  CHECK(operation(report, "linear").decomposed == 2);
  for (const CoverageChild& kernel : report.children) CHECK(kernel.instances == (kernel.path == "level_0_kernel/norm.py" ? 1 : 2));
}

TEST_CASE("coverage chain: declared equivalences cover, and both spellings are listed") {
  const Op silu = {"silu", {"x"}, {"y"}};
  RecordedStep step = model_step();
  step.children[1].kernel = true;
  step.original = run_of({silu}, 0);
  step.refactored = Pen().input("x").in(1).op({"sigmoid", {"x"}, {"s"}}).op({"mul", {"x", "s"}, {"y"}}).in(2).returns({"y"});
  const auto report = cover_chain({step}, 0);
  CHECK(report.status == "FULL_COVERAGE");
  CHECK(operation(report, "silu").status == "covered");
  CHECK(operation(report, "sigmoid").status == "equivalent");
  CHECK(report.equivalences == Names{"SiLU as x * sigmoid(x)"});
}

TEST_CASE("coverage chain: a component that is its own child makes nothing") {
  RecordedStep top = model_step();
  top.children[1].identity = "model";
  const auto report = cover_chain({top}, 0);
  CHECK(report.missing.size() == 2);
}

TEST_CASE("coverage chain: a model without compute is covered") {
  RecordedStep step = model_step();
  step.original = run_of({{"add", {"x", "x"}, {"y"}}}, 0);
  step.refactored = Pen().input("x").in(1).op({"add", {"x", "x"}, {"y"}}).returns({"y"});
  const auto report = cover_chain({step}, 0);
  CHECK(report.status == "FULL_COVERAGE");
  CHECK(report.percent() == 100.0);
}

TEST_CASE("coverage by workload: a kernel stands for all calls of its operation, weights and dtypes") {
  const auto run = [](const Op& op) { return run_of({op}, 0); };
  const Tape original = run_of({norm, linear, relu, {"relu", {"y"}, {"z"}}}, 0);
  const auto report = cover_by_workload(original, plain_model, {}, {{"norm.py", run(norm), {}}, {"linear.py", run(linear), {}}, {"relu.py", run(relu), {}}});
  CHECK(report.status == "FULL_COVERAGE");
  CHECK_FALSE(report.recorded);
  CHECK(operation(report, "relu").decomposed == 2);
  CHECK(report.children[2].instances == 2);
}

TEST_CASE("coverage by workload: what no kernel runs is missing, what the original does not run is extra") {
  const Tape original = run_of({norm, linear, relu}, 0);
  const auto report = cover_by_workload(original, plain_model, {}, {{"norm.py", run_of({norm}, 0), {}}, {"tanh.py", run_of({{"tanh", {"x"}, {"t"}}}, 0), {}}});
  CHECK(report.covered == 1);
  CHECK(report.missing.size() == 2);
  REQUIRE(report.extra.size() == 1);
  CHECK(report.extra[0].component == "tanh.py");
  CHECK(report.children[1].instances == 0);
}

TEST_CASE("coverage by workload: weights of another shape are another workload") {
  const auto with_weight = [](const Shape& shape) {
    Tape tape = Pen().input("x").weight("w", 0).op({"linear", {"x", "w"}, {"y"}}).returns({"y"});
    tape.entries[0].in[1].shape = shape;
    return tape;
  };
  CHECK(cover_by_workload(with_weight({4, 8}), plain_model, {}, {{"a.py", with_weight({4, 8}), {}}}).status == "FULL_COVERAGE");
  CHECK(cover_by_workload(with_weight({4, 8}), plain_model, {}, {{"a.py", with_weight({8, 4}), {}}}).status == "NO_COVERAGE");
}

TEST_CASE("coverage by workload: declared composites count") {
  const Tape original = run_of({{"silu", {"x"}, {"y"}}}, 0);
  const auto report = cover_by_workload(original, plain_model, {}, {{"sigmoid.py", run_of({{"sigmoid", {"x"}, {"s"}}}, 0), {}}});
  CHECK(report.status == "FULL_COVERAGE");
  CHECK(report.equivalences == Names{"SiLU as x * sigmoid(x)"});
}
