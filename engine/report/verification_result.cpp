// verification_result.json: the specification's fields first, decomp's own after them. Fields are added, never renamed.

#include <algorithm>
#include <cmath>
#include <ctime>

#include "report/render.h"

namespace decomp {

std::string timestamp() {
  std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local);
  return text;
}

namespace {

// The rules of the specification's "anti-cheat": what may stand in a file.
bool is_grammar_error(const Finding& f) {
  return f.severity == Severity::error && (f.rule.rfind("grammar-", 0) == 0 || f.rule.rfind("syntax-", 0) == 0);
}

}  // namespace

std::string_view anticheat_status(const StepReport& step) {
  if (step.anticheat_skipped) return "SKIPPED";
  return std::any_of(step.findings.begin(), step.findings.end(), is_grammar_error) ? "FAIL" : "PASS";
}

double max_difference(const StepReport& step) {
  double largest = 0;
  for (const TrialReport& t : step.trials)
    if (t.max_abs > largest || std::isnan(t.max_abs)) largest = t.max_abs;
  return largest;
}

Json verification_result_json(const Report& report, const StepReport& step) {
  Json violations = Json::array();
  Json parameter_violations = Json::array();
  Json findings = Json::array();
  for (const Finding& f : step.findings) {
    Json j = {{"rule", f.rule},       {"severity", to_string(f.severity)}, {"file", f.where.file}, {"line", f.where.line},
              {"column", f.where.column}, {"message", f.message},          {"help", f.help}};
    if (is_grammar_error(f)) {
      std::string text = f.where.file + ":" + std::to_string(f.where.line) + ": " + f.message;
      if (f.rule == "grammar-raw-module" || f.rule == "grammar-parameter")
        parameter_violations.push_back(text);
      else
        violations.push_back(text);
    }
    findings.push_back(std::move(j));
  }
  bool compared = !step.trials.empty();
  bool equal = compared;
  std::size_t public_trials = 0;
  for (const TrialReport& t : step.trials) {
    equal = equal && t.pass;
    if (t.kind == "public") ++public_trials;
  }
  bool mapped = compared || (!step.weights.empty() && step.unmapped_refactored.empty());
  return {{"timestamp", timestamp()},
          {"original_file", step.original_file},
          {"refactored_file", step.refactored_file},
          {"status", to_string(step.status)},
          {"anticheat",
           {{"status", anticheat_status(step)},
            {"source_violations", std::move(violations)},
            {"parameter_violations", std::move(parameter_violations)}}},
          {"weight_transfer",
           {{"status", mapped ? "OK" : "FAIL"},
            {"mapped_count", step.weights.size()},
            {"unmapped_original", step.unmapped_original},
            {"unmapped_refactored", step.unmapped_refactored}}},
          {"numerical_comparison",
           {{"status", !compared ? "NOT RUN" : equal ? "PASS" : "FAIL"},
            {"rtol", step.rtol},
            {"atol", step.atol},
            {"input_dtype", step.input_dtype},
            {"num_trials", public_trials},
            {"max_diff_across_trials", json_number(max_difference(step))},
            {"grade", step.grade},
            {"trials", trials_json(step)}}},
          {"findings", std::move(findings)},
          {"first_divergence", step.first_divergence},
          {"equivalences", step.equivalences},
          {"float64", step.float64},
          {"mutants", mutants_json(step)},
          {"sandbox", step.sandbox},
          {"weight_map_file", step.weight_map_file},
          {"entropy", std::to_string(step.entropy)},
          {"threads", step.threads},
          {"settings", report.settings},
          {"digests", step.digests},
          {"versions", report.versions},
          {"seconds", step.seconds}};
}

}  // namespace decomp
