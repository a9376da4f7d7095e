// Reports that a cache kept read back as they were.

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "report/archive.h"
#include "report/render.h"

using namespace decomp;

namespace {

Report full_report() {
  Report report;
  report.status = Status::fail;
  StepReport step;
  step.path = "steps/step_1";
  step.status = Status::vacuous;
  step.findings = {{"output-value", Severity::warning, {"a.py", 1, 2, 3, 4}, "differs\xc3\xa9", "mend it"}};
  step.weights = {{"b", "a", "path"}};
  step.unmapped_original = {"c"};
  OutputReport output;
  output.path = "output[0]";
  output.shape = {2, 3};
  output.max_abs = std::numeric_limits<double>::infinity();
  output.max_rel = std::nan("");
  output.mean_abs = 0.1;
  output.max_ulp = std::numeric_limits<std::uint64_t>::max();
  output.worst_index = {1, 2};
  output.expected = "1";
  step.trials = {{"entropy", std::numeric_limits<std::int64_t>::max(), true, 1e-300, {output}}};
  step.mutants = {{"child zeroed", 3, 2, 1}};
  step.coverage_percent = 99.5;
  step.entropy = std::numeric_limits<std::uint64_t>::max();
  step.seconds = {{"forward", 0.25}};
  step.digests = {{"a.py", "00"}};
  step.cached = "2026-01-31T12:00:00Z";
  report.steps = {step, StepReport{}};
  report.compositions = {step};
  report.findings = step.findings;
  report.versions = {{"torch", "2"}};
  report.settings = {{"rtol", "0.1"}};
  report.cached = step.cached;
  return report;
}

}  // namespace

TEST_CASE("an archived report reads back exactly") {
  const Report report = full_report();
  const Report back = report_from(archived(report));
  REQUIRE(report_json(back).dump() == report_json(report).dump());
  REQUIRE(back.steps[0].coverage_percent == 99.5);
  REQUIRE_FALSE(back.steps[1].coverage_percent);
  REQUIRE(std::isnan(back.steps[0].trials[0].outputs[0].max_rel));
  REQUIRE(archived(back) == archived(report));
}

TEST_CASE("bytes of something else are refused") {
  REQUIRE_THROWS_AS(report_from(""), std::exception);
  REQUIRE_THROWS_AS(report_from("no archive"), std::exception);
  REQUIRE_THROWS_AS(report_from(archived(StepReport{})), std::exception);
  const std::string whole = archived(full_report());
  REQUIRE_THROWS_AS(report_from(whole.substr(0, whole.size() / 2)), std::exception);
}
