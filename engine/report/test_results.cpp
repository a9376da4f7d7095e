// test_results.json: the specification's fields first, decomp's own after them. Fields are added, never renamed.

#include <filesystem>

#include "report/render.h"

namespace decomp {

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
          // The composition is no component: it has a command of its own.
          {"composition_test", "NOT RUN"},
          {"max_difference", nullptr},
          {"component_results", std::move(results)},
          {"status", to_string(report.status)},
          {"findings", findings_json(report.findings)},
          {"versions", report.versions},
          {"seconds", report.seconds}};
}

}  // namespace decomp
