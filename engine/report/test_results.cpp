// test_results.json: the specification's fields first, decomp's own after them. Fields are added, never renamed.

#include <algorithm>
#include <filesystem>

#include "report/render.h"

namespace decomp {
namespace {

// `run-tests` runs components alone; the composition has a command of its own, and `check` judges both.
std::string composition_word(const Report& report) {
  if (report.compositions.empty()) return "NOT RUN";
  const auto passed = [](const StepReport& composition) { return composition.status == Status::pass; };
  return std::all_of(report.compositions.begin(), report.compositions.end(), passed) ? "PASSED" : "FAILED";
}

double max_difference(const Report& report) {
  double greatest = 0;
  for (const StepReport& composition : report.compositions)
    for (const TrialReport& trial : composition.trials) greatest = std::max(greatest, trial.max_abs);
  return greatest;
}

}  // namespace

Json test_results_json(const Report& report, const std::string& folder) {
  std::size_t passed = 0, undecided = 0;
  Json results = Json::array();
  for (const ComponentReport& component : report.components) {
    passed += component.status == Status::pass ? 1 : 0;
    undecided += component.status == Status::not_decided ? 1 : 0;
    const auto file = std::filesystem::path(component.path).lexically_relative(std::filesystem::path(folder).lexically_normal());
    results.push_back(component_json(component, file.empty() ? component.path : file.generic_string()));
  }
  return {{"timestamp", timestamp()},
          {"total_components", report.components.size()},
          {"passed", passed},
          {"failed", report.components.size() - passed - undecided},
          {"not_decided", undecided},
          {"composition_test", composition_word(report)},
          {"max_difference", report.compositions.empty() ? Json() : json_number(max_difference(report))},
          {"component_results", std::move(results)},
          {"status", to_string(report.status)},
          {"findings", findings_json(report.findings)},
          {"versions", report.versions},
          {"seconds", report.seconds}};
}

}  // namespace decomp
