#include "report/batch.h"

#include <fmt/format.h>

#include <algorithm>

namespace decomp {
namespace {

template <class Item>
std::size_t passed(const std::vector<Item>& items) {
  return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [](const Item& item) { return item.status == Status::pass; }));
}

std::vector<Finding> all_findings(const Report& report) {
  std::vector<Finding> found = report.findings;
  for (const auto* steps : {&report.steps, &report.compositions})
    for (const StepReport& step : *steps) found.insert(found.end(), step.findings.begin(), step.findings.end());
  for (const ComponentReport& component : report.components) found.insert(found.end(), component.findings.begin(), component.findings.end());
  std::stable_partition(found.begin(), found.end(), [](const Finding& f) { return f.severity == Severity::error; });
  return found;
}

std::size_t count_errors(const std::vector<Finding>& findings) {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::error; }));
}

std::string_view composition_status(const Report& report) {
  if (!report.compositions.empty()) return to_string(report.compositions[0].status);
  return report.steps.empty() ? "NOT NEEDED" : "MISSING";
}

std::size_t count(const BatchReport& report, std::string_view status) {
  return static_cast<std::size_t>(
      std::count_if(report.entries.begin(), report.entries.end(), [&](const BatchEntry& e) { return batch_status(e.report) == status; }));
}

}  // namespace

std::string_view batch_status(const Report& report) {
  const int code = exit_code(report);
  if (code == 0) return "PASSED";
  if (code == 3) return "NOT DECIDED";
  const auto good = report.steps.empty() ? passed(report.components) : passed(report.steps) + passed(report.compositions);
  return good > 0 ? "PARTIAL" : "FAILED";
}

int exit_code(const BatchReport& report) {
  int code = 0;
  for (const BatchEntry& entry : report.entries) {
    const int one = exit_code(entry.report);
    if (one == 1 || (one == 3 && code == 0)) code = one;
  }
  return code;
}

void render_batch_entry(const BatchEntry& entry, const RenderOptions& options, std::ostream& out) {
  const Report& report = entry.report;
  const std::string_view status = batch_status(report);
  std::string parts;
  if (!report.steps.empty()) parts += fmt::format("{} of {} steps, composition {}", passed(report.steps), report.steps.size(), composition_status(report));
  if (!report.components.empty()) parts += fmt::format("{}{} of {} kernels", parts.empty() ? "" : ", ", passed(report.components), report.components.size());
  const auto findings = all_findings(report);
  if (const std::size_t errors = count_errors(findings); errors > 0) parts += fmt::format("{}{} error{}", parts.empty() ? "" : ", ", errors, errors > 1 ? "s" : "");
  const char* colour = !options.colour ? "" : status == "PASSED" ? "\033[32m" : status == "FAILED" ? "\033[31m" : "\033[33m";
  out << fmt::format("{}{:<11}{} {}  ({})  {:.2f} s\n", colour, status, options.colour ? "\033[0m" : "", entry.path, parts, report.seconds);
  std::size_t shown = 0;
  for (const Finding& finding : findings) {
    const bool wanted = options.verbose || (finding.severity == Severity::error && shown == 0);
    if (!wanted) continue;
    render_finding(finding, options, out);
    ++shown;
  }
}

void render_batch_total(const BatchReport& report, const RenderOptions& options, std::ostream& out) {
  double seconds = 0;
  for (const BatchEntry& entry : report.entries) seconds += entry.report.seconds;
  if (options.verbose)
    for (const std::string& other : report.others) out << "no decomposition: " << other << '\n';
  out << fmt::format("{} decompositions: {} passed, {} partial, {} failed", report.entries.size(), count(report, "PASSED"), count(report, "PARTIAL"),
                     count(report, "FAILED"));
  if (const std::size_t undecided = count(report, "NOT DECIDED"); undecided > 0) out << fmt::format(", {} not decided", undecided);
  if (report.left > 0) out << fmt::format(", {} not begun", report.left);
  out << fmt::format("; {:.2f} s\n", seconds);
}

Json batch_json(const BatchReport& report) {
  Json entries = Json::array();
  for (const BatchEntry& entry : report.entries) {
    const auto findings = all_findings(entry.report);
    entries.push_back({{"path", entry.path},
                       {"level", entry.level},
                       {"status", batch_status(entry.report)},
                       {"total_steps", entry.report.steps.size()},
                       {"passed_steps", passed(entry.report.steps)},
                       {"composition_test", composition_status(entry.report)},
                       {"errors", count_errors(findings)},
                       {"findings", findings_json(findings)},
                       {"seconds", entry.report.seconds}});
  }
  return {{"timestamp", timestamp()},
          {"output_dir", report.folder},
          {"total", report.entries.size()},
          {"passed", count(report, "PASSED")},
          {"partial", count(report, "PARTIAL")},
          {"failed", count(report, "FAILED")},
          {"not_decided", count(report, "NOT DECIDED")},
          {"not_begun", report.left},
          {"exit", exit_code(report)},
          {"decompositions", std::move(entries)},
          {"without_decomposition", report.others}};
}

}  // namespace decomp
