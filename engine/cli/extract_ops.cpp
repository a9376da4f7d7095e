// decomp extract-ops --model F (--decomp-dir D | --children F...) [--output F]

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

void require_file(const std::string& flag, const fs::path& file) {
  if (!fs::is_regular_file(file)) throw Error(ErrorKind::usage, flag + ": there is no file " + file.string());
}

CoverageRequest request_of(const std::string& model, const std::string& decomposition, const std::vector<std::string>& children) {
  require_file("--model", model);
  if (decomposition.empty() == children.empty())
    throw Error(ErrorKind::usage, "give either --decomp-dir DIR, whose level_0_kernel/ is looked at, or --children FILE...");
  CoverageRequest request{model, decomposition, {}};
  for (const fs::path file : children) {
    require_file("--children", file);
    if (file.parent_path() != fs::path(children[0]).parent_path())
      throw Error(ErrorKind::usage, "--children: " + children[0] + " and " + file.string() + " lie in different folders; name the children of one step");
    if (file.filename() != "__init__.py") request.children.push_back(file);
  }
  if (!decomposition.empty() && python_files(request.decomposition / level_folders[0]).empty())
    throw Error(fs::is_directory(decomposition) ? ErrorKind::nothing : ErrorKind::usage,
                "--decomp-dir: " + decomposition + (fs::is_directory(decomposition) ? " has no kernel in " + std::string(level_folders[0]) + "/" : " is no folder"));
  return request;
}

}  // namespace

int cmd_extract_ops(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Lists the operations of a model by torch.fx, torch.compile, forward hooks and decomp's own tape, and says which of its compute "
               "operations the kernels of a decomposition make, each weighted by its instances.",
               "decomp extract-ops");
  std::string model, decomposition, output;
  std::vector<std::string> children;
  CommonOptions options;
  app.add_option("--model", model, "The original model, or the original of a step")->required();
  app.add_option("--decomp-dir", decomposition, "The folder of the decomposition: its level_0_kernel/ and steps/ are looked at");
  app.add_option("--children", children, "Children of one step, in place of kernels of a decomposition");
  app.add_option("--output", output, "Where to write the report (coverage_report.json, coverage_summary.json); nothing is written otherwise");
  options.add_limits_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  CoverageRequest request = request_of(model, decomposition, children);
  if (!output.empty()) require_writable_place("--output", output);
  const fs::path judged = decomposition.empty() ? fs::path(children[0]).parent_path() : fs::path(decomposition);
  std::vector<Finding> settings = options.complete(app, judged, {step_in(judged, judged.string())});
  request.interrupted = interrupt_flag();
  Report report = load_and_run(request, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (!output.empty() && !report.coverage.empty() && !was_interrupted()) write_document(output, "coverage_report", coverage_report_json(report));
  return interrupted_or(finish(report, options, out));
}

}  // namespace decomp
