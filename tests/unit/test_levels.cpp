// Levels by folder, header and run.

#include "checks/levels.h"

#include "component_support.h"
#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

// Instance 0 of a tape that was written by hand.
ComponentRun run_with(const std::vector<Op>& ops, int calls = 1) {
  ComponentRun run;
  run.calls = calls;
  run.operations = run_of(ops, 0).entries;
  return run;
}

const std::vector<Op> residual = {{"linear", {"x"}, {"h"}}, {"gelu", {"h"}, {"g"}}, {"add", {"g", "x"}, {"y"}}};
const std::vector<Op> straight = {{"linear", {"x"}, {"h"}}, {"gelu", {"h"}, {"y"}}};

}  // namespace

TEST_CASE("levels and their words") {
  for (int level = 0; level < 4; ++level) CHECK(level_number(level_word(level)) == level);
  CHECK(level_number("block") == -1);
  CHECK(level_word(4).empty());
  CHECK(level_folder(1) == "level_1_fusion");
}

TEST_CASE("folder and header agree") {
  CHECK(check_declared_level("a.py", 1, "fusion").empty());
  CHECK(rules_of(check_declared_level("a.py", 1, "kernel")) == Names{"level-mismatch"});
  CHECK(rules_of(check_declared_level("a.py", 1, "")) == Names{"level-undeclared"});
  CHECK(rules_of(check_declared_level("a.py", 1, "block")) == Names{"level-undeclared"});
  CHECK(check_declared_level("a.py", -1, "").empty());
}

TEST_CASE("a child lies below its parent") {
  CHECK(check_level_order("p", 2, "c", 0).empty());
  CHECK(check_level_order("p", 1, "c", 0).empty());
  CHECK(rules_of(check_level_order("p", 2, "c", 2)) == Names{"level-order"});
  CHECK(rules_of(check_level_order("p", 1, "c", 2)) == Names{"level-order"});
  CHECK(check_level_order("p", -1, "c", 3).empty());
  CHECK(check_level_order("p", 0, "c", -1).empty());
}

TEST_CASE("a fusion of one operation is a kernel") {
  CHECK(rules_of(check_level_of_run("f", 1, run_with({{"linear", {"x"}, {"y"}}}))) == Names{"level-single"});
  CHECK(rules_of(check_level_of_run("f", 2, run_with({{"linear", {"x"}, {"h"}}, view_of("chunk", "h", "y")}))) == Names{"level-single"});
  CHECK(rules_of(check_level_of_run("f", 1, run_with({{"linear", {"x"}, {"h"}}, {"linear", {"h"}, {"y"}}}, 2))) == Names{"level-single"});  // two calls
  CHECK(check_level_of_run("f", 0, run_with({{"linear", {"x"}, {"y"}}})).empty());
  CHECK(check_level_of_run("f", 1, run_with({{"linear", {"x"}, {"h"}}, {"mul", {"h", "x"}, {"y"}}})).empty());
  CHECK(check_level_of_run("f", 1, run_with(straight)).empty());
}

TEST_CASE("what is added to what was computed from it is a residual") {
  CHECK(has_residual(run_with(residual)));
  CHECK_FALSE(has_residual(run_with(straight)));
  CHECK(has_residual(run_with({{"linear", {"x"}, {"h"}}, {"clone", {"x"}, {"c"}}, {"add", {"c", "h"}, {"y"}}})));
  CHECK_FALSE(has_residual(run_with({{"linear", {"x"}, {"a"}}, {"linear", {"x"}, {"b"}}, {"add", {"a", "b"}, {"y"}}})));  // two branches
  CHECK_FALSE(has_residual(run_with({{"linear", {"x"}, {"h"}}, {"add", {"h", "p"}, {"y"}}})));
}

TEST_CASE("fusion or layer is advice") {
  const auto advice = check_level_of_run("f", 1, run_with(residual));
  REQUIRE(rules_of(advice) == Names{"level-advice"});
  CHECK(advice[0].severity == Severity::note);
  CHECK(check_level_of_run("f", 2, run_with(residual)).empty());
  CHECK(rules_of(check_level_of_run("f", 2, run_with(straight))) == Names{"level-advice"});
}
