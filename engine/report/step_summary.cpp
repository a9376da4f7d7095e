// step_verification_summary.json: the specification's fields first, decomp's own after them. Fields are added, never renamed.

#include <cmath>
#include <filesystem>

#include "report/render.h"

namespace decomp {

Json step_summary_json(const Report& report, const std::string& folder) {
  std::size_t passed = 0, skipped = 0;
  Json steps = Json::array();
  for (const StepReport& step : report.steps) {
    passed += step.status == Status::pass ? 1 : 0;
    skipped += step.status == Status::skipped || step.status == Status::not_decided ? 1 : 0;
    std::size_t errors = 0;
    for (const Finding& finding : step.findings) errors += finding.severity == Severity::error ? 1 : 0;
    steps.push_back({{"step_name", std::filesystem::path(step.path).filename().string()},
                     {"verification_status", to_string(step.status)},
                     {"coverage_pct", step.coverage_percent ? Json(*step.coverage_percent) : Json()},
                     {"max_diff", step.trials.empty() ? Json() : json_number(max_difference(step))},
                     {"anticheat_status", anticheat_status(step)},
                     {"grade", step.grade},
                     {"errors", errors},
                     {"findings", findings_json(step.findings)}});
  }
  return {{"timestamp", timestamp()},
          {"decomp_dir", folder},
          {"status", to_string(report.status)},
          {"total_steps", report.steps.size()},
          {"passed", passed},
          {"failed", report.steps.size() - passed - skipped},
          {"skipped", skipped},
          {"steps", std::move(steps)},
          {"findings", findings_json(report.findings)},
          {"versions", report.versions},
          {"seconds", report.seconds}};
}

}  // namespace decomp
