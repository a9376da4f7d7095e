#include "report/archive.h"

#include <ctime>

#include "report/archive_types.h"

namespace decomp {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Location, file, line, column, end_line, end_column)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Finding, rule, severity, where, message, help)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OutputReport, path, dtype, shape, rtol, atol, grade, pass, elements, mismatches, max_abs, max_rel, mean_abs, max_ulp,
                                   worst_index, expected, actual)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrialReport, kind, seed, pass, max_abs, outputs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WeightReport, refactored, original, how)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MutantReport, kind, made, caught, left)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StepReport, path, original_file, refactored_file, weight_map_file, status, findings, anticheat_skipped, weights,
                                   unmapped_original, unmapped_refactored, trials, rtol, atol, input_dtype, grade, first_divergence, float64, mutants,
                                   equivalences, coverage_percent, children_with_true_inputs, sandbox, cached, decomposition, entropy, threads, digests,
                                   seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ComponentReport, path, level, status, self_test, printed, inputs, outputs, findings, sandbox, digest, seconds)
// What `check` reports: its list of coverage is empty.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Report, status, steps, compositions, components, findings, versions, settings, cached, seconds)

std::string archived(const Report& report) { return to_bytes(report); }
std::string archived(const StepReport& step) { return to_bytes(step); }
Report report_from(const std::string& bytes) { return from_bytes<Report>(bytes); }
StepReport step_report_from(const std::string& bytes) { return from_bytes<StepReport>(bytes); }

std::string time_of_judging() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&now, &parts));
  return text;
}

}  // namespace decomp
