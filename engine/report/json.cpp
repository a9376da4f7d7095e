// --format json: everything, for tools (schemas/report.schema.json).

#include <cmath>

#include "report/render.h"

namespace decomp {

Json json_number(double v) { return std::isfinite(v) ? Json(v) : Json(std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf"); }

namespace {

Json finding_json(const Finding& f) {
  return {{"rule", f.rule},
          {"severity", to_string(f.severity)},
          {"file", f.where.file},
          {"line", f.where.line},
          {"column", f.where.column},
          {"end_line", f.where.end_line},
          {"end_column", f.where.end_column},
          {"message", f.message},
          {"help", f.help}};
}

Json output_json(const OutputReport& o) {
  Json j = {{"path", o.path},
            {"dtype", o.dtype},
            {"shape", o.shape},
            {"rtol", o.rtol},
            {"atol", o.atol},
            {"grade", o.grade},
            {"pass", o.pass},
            {"elements", o.elements},
            {"mismatches", o.mismatches},
            {"max_abs", json_number(o.max_abs)},
            {"max_rel", json_number(o.max_rel)},
            {"mean_abs", json_number(o.mean_abs)},
            {"max_ulp", o.max_ulp}};
  if (!o.expected.empty())
    j["worst"] = {{"index", o.worst_index}, {"expected", o.expected}, {"actual", o.actual}};
  return j;
}

}  // namespace

Json findings_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& f : findings) list.push_back(finding_json(f));
  return list;
}

Json mutants_json(const StepReport& step) {
  MutantReport all;
  Json kinds = Json::array();
  for (const MutantReport& m : step.mutants) {
    all.made += m.made;
    all.caught += m.caught;
    all.left += m.left;
    kinds.push_back({{"kind", m.kind}, {"made", m.made}, {"caught", m.caught}, {"left", m.left}});
  }
  return {{"made", all.made}, {"caught", all.caught}, {"left", all.left}, {"kinds", std::move(kinds)}};
}

Json trials_json(const StepReport& step) {
  Json trials = Json::array();
  for (const TrialReport& t : step.trials) {
    Json outputs = Json::array();
    for (const OutputReport& o : t.outputs) outputs.push_back(output_json(o));
    trials.push_back({{"trial", trials.size()},
                      {"kind", t.kind},
                      {"seed", t.seed},
                      {"max_diff", json_number(t.max_abs)},
                      {"pass", t.pass},
                      {"outputs", std::move(outputs)}});
  }
  return trials;
}

Json component_json(const ComponentReport& component, const std::string& file) {
  return {{"file", file},
          {"status", to_string(component.status)},
          {"level", component.level},
          {"self_test", component.self_test},
          {"inputs", component.inputs},
          {"outputs", component.outputs},
          {"findings", findings_json(component.findings)},
          {"printed", component.printed.substr(0, 2000)},
          {"sandbox", component.sandbox},
          {"digest", component.digest},
          {"seconds", component.seconds}};
}

namespace {

Json step_json(const StepReport& step) {
  Json weights = Json::array();
  for (const WeightReport& w : step.weights)
    weights.push_back({{"refactored", w.refactored}, {"original", w.original}, {"how", w.how}});
  return {{"path", step.path},
          {"status", to_string(step.status)},
          {"grade", step.grade},
          {"findings", findings_json(step.findings)},
          {"first_divergence", step.first_divergence},
          {"equivalences", step.equivalences},
          {"float64", step.float64},
          {"mutants", mutants_json(step)},
          {"weights", std::move(weights)},
          {"unmapped_original", step.unmapped_original},
          {"unmapped_refactored", step.unmapped_refactored},
          {"trials", trials_json(step)},
          {"sandbox", step.sandbox},
          {"cached", step.cached},
          {"decomposition", step.decomposition},
          {"original_file", step.original_file},
          {"refactored_file", step.refactored_file},
          {"weight_map_file", step.weight_map_file},
          {"entropy", std::to_string(step.entropy)},
          {"threads", step.threads},
          {"digests", step.digests},
          {"seconds", step.seconds}};
}

Json steps_json(const std::vector<StepReport>& steps) {
  Json list = Json::array();
  for (const StepReport& step : steps) list.push_back(step_json(step));
  return list;
}

}  // namespace

Json report_json(const Report& report) {
  Json components = Json::array();
  for (const ComponentReport& component : report.components) components.push_back(component_json(component, component.path));
  Json coverage = Json::array();
  for (const CoverageReport& one : report.coverage) coverage.push_back(coverage_json(one));
  return {{"status", to_string(report.status)},
          {"exit", exit_code(report)},
          {"steps", steps_json(report.steps)},
          {"compositions", steps_json(report.compositions)},
          {"components", std::move(components)},
          {"coverage", std::move(coverage)},
          {"findings", findings_json(report.findings)},
          {"versions", report.versions},
          {"settings", report.settings},
          {"cached", report.cached},
          {"seconds", report.seconds}};
}

void render_json(const Report& report, const RenderOptions&, std::ostream& out) {
  out << report_json(report).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace decomp
