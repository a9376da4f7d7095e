// --format text: for people.

#include <fmt/format.h>

#include <algorithm>

#include "core/source.h"
#include "report/render.h"
#include "report/render_place.h"

namespace decomp {
namespace {

const char* bold(const RenderOptions& o) { return o.colour ? "\033[1m" : ""; }
const char* reset(const RenderOptions& o) { return o.colour ? "\033[0m" : ""; }
const char* colour_of(Status s, const RenderOptions& o) {
  if (!o.colour) return "";
  return s == Status::pass ? "\033[32m" : s == Status::not_decided || s == Status::skipped ? "\033[33m" : "\033[31m";
}
const char* colour_of(Severity s, const RenderOptions& o) {
  if (!o.colour) return "";
  return s == Severity::error ? "\033[31m" : s == Severity::warning ? "\033[33m" : "\033[36m";
}

void code_frame(const Finding& finding, const RenderOptions& options, std::ostream& out) {
  const Location& where = finding.where;
  if (where.line <= 0 || !options.source) return;
  std::string text = options.source(where.file);
  std::string line = printable_text(source_line(text, where.line));
  if (line.empty() || line.size() > 300) return;
  std::string number = std::to_string(where.line);
  out << fmt::format("  {} | {}\n", number, line);
  if (where.column <= 0 || where.column > static_cast<int>(line.size()) + 1) return;
  int length = where.end_line == where.line && where.end_column > where.column ? where.end_column - where.column : 1;
  length = std::min(length, static_cast<int>(line.size()) - where.column + 1);
  out << fmt::format("  {:{}} | {:{}}{}{}{}\n", "", number.size(), "", where.column - 1, colour_of(finding.severity, options),
                     std::string(static_cast<std::size_t>(std::max(1, length)), '^'), reset(options));
}

void step_line(const StepReport& step, const RenderOptions& options, std::ostream& out) {
  std::string detail;
  if (step.status == Status::pass) {
    double max_abs = 0;
    for (const TrialReport& t : step.trials) max_abs = std::max(max_abs, t.max_abs);
    detail = fmt::format("{}, {} trials, {} weights", step.grade, step.trials.size(), step.weights.size());
    if (max_abs > 0) detail += fmt::format(", max difference {:.3g}", max_abs);
  }
  double seconds = 0;
  for (const auto& [name, s] : step.seconds) seconds += s;
  if (!step.cached.empty()) detail += fmt::format("{}from the cache, judged {}", detail.empty() ? "" : "; ", step.cached);
  out << fmt::format("{}{:<11}{} {}{}{}{}  {:.2f} s\n", colour_of(step.status, options), to_string(step.status), reset(options),
                     bold(options), step.path, reset(options), detail.empty() ? "" : "  (" + detail + ")", seconds);
}

void component_line(const ComponentReport& component, const RenderOptions& options, std::ostream& out) {
  std::string detail;
  if (component.status == Status::pass) {
    detail = fmt::format("  (self-test {}", component.self_test);
    for (std::size_t i = 0; i < component.outputs.size(); ++i) detail += (i == 0 ? "; returns " : ", ") + component.outputs[i];
    detail += ")";
  }
  out << fmt::format("{}{:<11}{} {}{}{}{}  {:.2f} s\n", colour_of(component.status, options), to_string(component.status), reset(options),
                     bold(options), component.path, reset(options), detail, component.seconds);
}

// Notes are shown where they are asked for.
void findings_below(const std::vector<Finding>& findings, Status status, const RenderOptions& options, std::ostream& out) {
  std::size_t hidden = 0;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::note && !options.verbose)
      ++hidden;
    else
      render_finding(finding, options, out);
  }
  if (hidden > 0 && status != Status::pass) out << fmt::format("  {} notes; --verbose shows them\n", hidden);
}

// Passed, and nothing to say about it: beside steps, only counted.
bool is_quiet(const ComponentReport& component) {
  return component.status == Status::pass &&
         std::all_of(component.findings.begin(), component.findings.end(), [](const Finding& f) { return f.severity == Severity::note; });
}

// "8 of 8 steps pass"
template <class Item>
void count_passed(const std::vector<Item>& items, const char* name, std::string& text) {
  if (items.empty()) return;
  const auto passed = std::count_if(items.begin(), items.end(), [](const Item& item) { return item.status == Status::pass; });
  text += fmt::format("{} of {} {} pass, ", passed, items.size(), name);
}

// "mutants: child zeroed 2 of 2 caught, weights exchanged 0 of 1 caught, weight perturbed 3 of 4 caught (7 left)"
void mutant_line(const StepReport& step, std::ostream& out) {
  std::string text;
  for (const MutantReport& m : step.mutants) {
    text += fmt::format("{}{} {} of {} caught", text.empty() ? "" : ", ", m.kind, m.caught, m.made);
    if (m.left > 0) text += fmt::format(" ({} left for want of time)", m.left);
  }
  if (!text.empty()) out << "  mutants: " << text << '\n';
}

}  // namespace

void render_finding(const Finding& finding, const RenderOptions& options, std::ostream& out) {
  out << fmt::format("{}: {}{}{} [{}] {}\n", place_text(finding.where), colour_of(finding.severity, options),
                     to_string(finding.severity), reset(options), finding.rule, printable_text(finding.message));
  code_frame(finding, options, out);
  if (!finding.help.empty()) out << "  help: " << printable_text(finding.help) << '\n';
}

void render_text(const Report& report, const RenderOptions& options, std::ostream& out) {
  for (const auto* reports : {&report.steps, &report.compositions})
    for (const StepReport& step : *reports) {
      step_line(step, options, out);
      findings_below(step.findings, step.status, options, out);
      if (!step.first_divergence.empty()) out << "  first divergence: " << step.first_divergence << '\n';
      if (options.verbose) mutant_line(step, out);
      if (options.verbose && !step.sandbox.empty()) out << "  sandbox: " << step.sandbox << '\n';
    }
  for (const ComponentReport& component : report.components) {
    if (!report.steps.empty() && !options.verbose && is_quiet(component)) continue;
    component_line(component, options, out);
    findings_below(component.findings, component.status, options, out);
    if (options.verbose && !component.sandbox.empty()) out << "  sandbox: " << component.sandbox << '\n';
  }
  for (const CoverageReport& coverage : report.coverage) render_coverage(coverage, options, out);
  for (const Finding& finding : report.findings) render_finding(finding, options, out);
  std::string passed;
  count_passed(report.steps, "steps", passed);
  count_passed(report.compositions, "compositions", passed);
  count_passed(report.components, "components", passed);
  out << fmt::format("{}{}{}: {}{:.2f} s{}\n", colour_of(report.status, options), to_string(report.status), reset(options), passed,
                     report.seconds, report.cached.empty() ? "" : ", from the cache (--no-cache judges anew)");
}

}  // namespace decomp
