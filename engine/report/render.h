#pragma once
// Renderers: one file and one row in formats() per output format.

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "decomp/report.h"

namespace decomp {

struct RenderOptions {
  bool colour = false;
  bool verbose = false;  // passing steps in full, notes
  // The source text behind a finding's file, for code frames; "" when it cannot be had.
  std::function<std::string(const std::string& file)> source;
};

using Renderer = void (*)(const Report& report, const RenderOptions& options, std::ostream& out);

struct Format {
  std::string_view name;
  Renderer render;
};

// Every format of --format, in the order that help lists them.
const std::vector<Format>& formats();

// Where no --format is given: "agent" when the caller says that it is one (AGENT or CLAUDECODE is set, and not to "0"), else "text".
std::string default_format();

void render_text(const Report& report, const RenderOptions& options, std::ostream& out);
void render_json(const Report& report, const RenderOptions& options, std::ostream& out);
void render_agent(const Report& report, const RenderOptions& options, std::ostream& out);

// One finding as a person reads it: place, message, code frame with a caret, what to do.
void render_finding(const Finding& finding, const RenderOptions& options, std::ostream& out);

void render_coverage(const CoverageReport& coverage, const RenderOptions& options, std::ostream& out);

// JSON has neither NaN nor infinities: those become "nan", "inf", "-inf".
Json json_number(double value);
Json trials_json(const StepReport& step);
Json findings_json(const std::vector<Finding>& findings);
Json mutants_json(const StepReport& step);  // {"made", "caught", "left", "kinds": [{"kind", "made", "caught", "left"}]}
// The whole report as JSON (schemas/report.schema.json).
Json report_json(const Report& report);
// One step in the form of verification_result.json (schemas/verification_result.schema.json).
Json verification_result_json(const Report& report, const StepReport& step);
// step_verification_summary.json of the decomposition in `folder` (schemas/step_verification_summary.schema.json).
Json step_summary_json(const Report& report, const std::string& folder);
// One component; `file`: how its path is written.
Json component_json(const ComponentReport& component, const std::string& file);
// test_results.json of the decomposition in `folder` (schemas/test_results.schema.json).
Json test_results_json(const Report& report, const std::string& folder);
// One model's coverage, and coverage_report.json of a report that has one (schemas/coverage_report.schema.json).
Json coverage_json(const CoverageReport& coverage);
Json coverage_report_json(const Report& report);
// The first tier that worked, in order of detail.
std::string extraction_method(const CoverageReport& coverage);

// "PASS", "FAIL" or "SKIPPED": did the grammar refuse anything?
std::string_view anticheat_status(const StepReport& step);
// The largest over all trials; NaN counts as larger than any number.
double max_difference(const StepReport& step);

// Local time as "2026-02-20T10:00:00".
std::string timestamp();

}  // namespace decomp
