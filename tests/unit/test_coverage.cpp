// Coverage on tapes written by hand: which operations of the original count as made.

#include "checks/coverage.h"
#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

const Op linear = {"linear", {"x", "w"}, {"h"}};
const Op relu = {"relu", {"h"}, {"y"}};

Names operations(const Tape& tape, const std::vector<std::size_t>& entries) {
  Names names;
  for (std::size_t i : entries) names.push_back(op_base_name(tape.entries[i].op));
  return names;
}

Coverage by_children(const Tape& original, const Tape& refactored) {
  return cover_by_children({original, refactored, plain_model, two_children});
}

}  // namespace

TEST_CASE("coverage: what children make is covered, and only compute counts") {
  const std::vector<Op> ops = {linear, relu, {"add", {"x", "y"}, {"z"}}, view_of("reshape", "z", "r")};
  const auto coverage = by_children(run_of(ops, 0), run_of(ops, 1));
  CHECK(coverage.total == 2);
  CHECK(coverage.missing.empty());
  CHECK(coverage.extra.empty());
  CHECK(coverage.percent() == 100.0);
}

TEST_CASE("coverage: what the parent makes itself is missing, its value notwithstanding") {
  const Tape original = run_of({linear, relu}, 0);
  Pen pen;
  const Tape refactored = pen.input("x").in(1).op(linear).in(0).op(relu).returns({"y"});
  const auto coverage = by_children(original, refactored);
  CHECK(operations(original, coverage.missing) == Names{"relu"});
  CHECK(coverage.percent() == 50.0);
}

TEST_CASE("coverage: an operation with another value is there; one that nothing resembles is extra") {
  const Tape original = run_of({linear, relu}, 0);
  const Tape refactored = run_of({linear, {"sigmoid", {"h"}, {"s"}}, {"relu", {"s"}, {"other"}}}, 1);
  const auto coverage = by_children(original, refactored);
  CHECK(coverage.missing.empty());
  CHECK(operations(refactored, coverage.extra) == Names{"sigmoid"});
}

TEST_CASE("coverage: declared equivalences count, and are named") {
  const Tape original = run_of({{"silu", {"x"}, {"y"}}}, 0);
  const Tape refactored = run_of({{"sigmoid", {"x"}, {"s"}}, {"mul", {"x", "s"}, {"y"}}}, 1);
  const auto coverage = by_children(original, refactored);
  CHECK(coverage.missing.empty());
  CHECK(coverage.extra.empty());
  CHECK(coverage.equivalences == Names{"SiLU as x * sigmoid(x)"});
}

TEST_CASE("coverage: the caller says what counts") {
  const Tape original = run_of({linear, relu}, 0);
  Pen pen;
  const Tape refactored = pen.input("x").in(1).op(linear).in(2).op(relu).returns({"y"});
  const auto coverage = cover({original, refactored, plain_model, two_children}, [](std::size_t, const ModuleInstance* instance) {
    return instance != nullptr && instance->child == "first_file";
  });
  CHECK(operations(original, coverage.missing) == Names{"relu"});
  CHECK(coverage.extra.empty());  // what does not count is not extra either
}

TEST_CASE("coverage: nothing to cover is covered") {
  const Tape tape = Pen().input("x").returns({"x"});
  CHECK(by_children(tape, tape).percent() == 100.0);
}
