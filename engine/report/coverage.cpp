// coverage_report.json and coverage_summary.json: the specification's fields first, decomp's own after them. Fields are added, never
// renamed.

#include <algorithm>

#include "report/render.h"

namespace decomp {
namespace {

Json gaps_json(const std::vector<CoverageGap>& gaps) {
  Json list = Json::array();
  for (const CoverageGap& gap : gaps)
    list.push_back({{"op_type", gap.name}, {"count", gap.count}, {"component", gap.component}, {"file", gap.where.file}, {"line", gap.where.line}});
  return list;
}

Json names_json(const std::vector<CoverageGap>& gaps) {
  std::vector<std::string> names;
  for (const CoverageGap& gap : gaps) names.push_back(gap.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Json tiers_json(const std::vector<ExtractionTier>& tiers) {
  Json list = Json::array();
  for (const ExtractionTier& tier : tiers) {
    std::int64_t total = 0;
    for (const auto& [name, count] : tier.calls) total += count;
    list.push_back({{"method", tier.method},
                    {"status", tier.worked ? "OK" : "FAILED"},
                    {"reason", tier.reason},
                    {"graphs", tier.graphs},
                    {"total_calls", total},
                    {"calls", tier.calls},
                    {"seconds", tier.seconds}});
  }
  return list;
}

}  // namespace

std::string extraction_method(const CoverageReport& coverage) {
  for (const ExtractionTier& tier : coverage.tiers)
    if (tier.worked) return tier.method;
  return "native_tape";
}

Json coverage_json(const CoverageReport& coverage) {
  Json details = Json::array();
  for (const CoveredOperation& operation : coverage.operations)
    details.push_back({{"op_type", operation.name},
                       {"original_count", operation.original},
                       {"decomposed_count", operation.decomposed},
                       {"missing_count", operation.missing},
                       {"status", operation.status}});
  Json kernels = Json::array();
  for (const CoverageChild& child : coverage.children)
    kernels.push_back({{"file", child.path}, {"instance_count", child.instances}, {"ops", child.calls}});
  return {{"model_file", coverage.model_file},
          {"status", coverage.status},
          {"extraction_method", extraction_method(coverage)},
          {"coverage",
           {{"total_original_ops", coverage.total_original},
            {"total_decomposed_ops", coverage.total_decomposed},
            {"covered_op_count", coverage.covered},
            {"coverage_pct", coverage.percent()},
            {"missing_op_types", names_json(coverage.missing)},
            {"extra_op_types", names_json(coverage.extra)},
            {"op_details", std::move(details)}}},
          {"counted_by", "native_tape"},
          {"instances", coverage.recorded ? "recorded" : "by workload"},
          {"unique_op_types", std::count_if(coverage.operations.begin(), coverage.operations.end(), [](const CoveredOperation& o) { return o.original > 0; })},
          {"kernels", std::move(kernels)},
          {"missing_ops", gaps_json(coverage.missing)},
          {"extra_ops", gaps_json(coverage.extra)},
          {"equivalences", coverage.equivalences},
          {"extraction", tiers_json(coverage.tiers)}};
}

Json coverage_report_json(const Report& report) {
  Json document = {{"timestamp", timestamp()}};
  document.update(coverage_json(report.coverage.at(0)));
  document["findings"] = findings_json(report.findings);
  document["versions"] = report.versions;
  document["seconds"] = report.seconds;
  return document;
}

}  // namespace decomp
