// decomp run-tests DIR: every component file alone; writes verification/test_results.json.

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {

int cmd_run_tests(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Runs every component of a decomposition alone: its own run_tests(), and decomp's test of shapes, dtypes and finite "
               "values; writes verification/test_results.json.",
               "decomp run-tests");
  std::string folder, output;
  CommonOptions options;
  app.add_option("DIR", folder, "The folder of the decomposition, or of one step")->required();
  app.add_option("--output", output, "Where to write the results, in place of DIR/verification/test_results.json");
  options.add_limits_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!fs::is_directory(folder)) throw Error(ErrorKind::usage, folder + (fs::exists(folder) ? " is no folder" : " does not exist"));
  if (!output.empty()) require_writable_place("--output", output);
  const StepFiles judged = step_in(folder, folder);
  std::vector<Finding> settings = options.complete(app, folder, {judged});
  show_progress(options, 2);  // how many there are is known later
  Report report = load_and_run(TestsRequest{folder, interrupt_flag()}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (was_interrupted()) {
    err << "nothing was written: not every component was tested\n";
    return interrupted_or(finish(report, options, out));
  }
  write_document(output.empty() ? report_place(folder, "test_results.json") : fs::path(output), "test_results", test_results_json(report, folder));
  return finish(report, options, out);
}

}  // namespace decomp
