#include "decomp/report.h"

namespace decomp {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::pass: return "PASS";
    case Status::fail: return "FAIL";
    case Status::vacuous: return "VACUOUS";
    case Status::skipped: return "SKIPPED";
    case Status::not_decided: return "NOT DECIDED";
  }
  return "NOT DECIDED";
}

int exit_code(const Report& report) {
  int code = 0;
  auto take = [&](Status status) {
    if (status == Status::fail || status == Status::vacuous || status == Status::skipped) code = 1;
    if (status == Status::not_decided && code == 0) code = 3;
  };
  take(report.status);
  for (const StepReport& step : report.steps) take(step.status);
  for (const StepReport& composition : report.compositions) take(composition.status);
  for (const ComponentReport& component : report.components) take(component.status);
  for (const Finding& finding : report.findings)
    if (finding.severity == Severity::error) code = 1;
  return code;
}

}  // namespace decomp
