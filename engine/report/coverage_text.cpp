// Coverage for people: the operations side by side, then what each way of extraction saw.

#include <fmt/format.h>

#include <algorithm>

#include "report/render.h"

namespace decomp {

void render_coverage(const CoverageReport& coverage, const RenderOptions& options, std::ostream& out) {
  out << fmt::format("{} {}: {} of {} compute operations are made by kernels ({:.4g} %)\n", coverage.status, coverage.model_file, coverage.covered,
                     coverage.total_original, coverage.percent());
  std::size_t width = 9;
  for (const CoveredOperation& operation : coverage.operations) width = std::max(width, operation.name.size());
  if (!coverage.operations.empty()) out << fmt::format("  {:<{}}  original  kernels\n", "operation", width);
  for (const CoveredOperation& operation : coverage.operations)
    out << fmt::format("  {:<{}}  {:>8}  {:>7}{}\n", operation.name, width, operation.original, operation.decomposed,
                       operation.status == "covered" ? "" : "  " + operation.status);
  std::size_t longest = 0;
  for (const CoverageChild& child : coverage.children) longest = std::max(longest, child.path.size());
  if (options.verbose && !coverage.children.empty()) {
    out << fmt::format("  instances {}:\n", coverage.recorded ? "recorded in the steps" : "by workload");
    for (const CoverageChild& child : coverage.children) out << fmt::format("    {:<{}}  {:>5}\n", child.path, longest, child.instances);
  }
  for (const std::string& name : coverage.equivalences) out << "  equivalence used: " << name << '\n';
  for (const ExtractionTier& tier : coverage.tiers) {
    std::int64_t calls = 0;
    for (const auto& [name, count] : tier.calls) calls += count;
    std::string graphs = tier.graphs > 1 ? fmt::format(" in {} graphs", tier.graphs) : "";
    out << fmt::format("  {:<23}  {}\n", tier.method, tier.worked ? fmt::format("{} calls{}", calls, graphs) : "no: " + tier.reason);
  }
}

}  // namespace decomp
