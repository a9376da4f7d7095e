// decomp run-steps DIR: all steps of one decomposition; writes verification/step_verification_summary.json.

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {

int cmd_run_steps(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges all steps of a decomposition and the custody between them; writes verification/step_verification_summary.json.",
               "decomp run-steps");
  std::string folder, source, output;
  CommonOptions options;
  app.add_option("DIR", folder, "The folder of the decomposition, which holds steps/")->required();
  app.add_option("--source", source, "The model that was decomposed, in place of the one that decomposition_tree.json names");
  app.add_option("--output", output, "Where to write the summary, in place of DIR/verification/step_verification_summary.json");
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  std::vector<StepFiles> steps = find_steps(folder);
  const fs::path root = decomposition_of(folder, steps).root;
  if (!output.empty()) require_writable_place("--output", output);
  options.check.source = source;
  std::vector<Finding> settings = options.complete(app, folder, steps);
  const fs::path place = output.empty() ? report_place(root, "step_verification_summary.json") : fs::path(output);
  show_progress(options, steps.size());
  Report report = load_and_run(StepsRequest{steps, false, nullptr, {}, interrupt_flag()}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (was_interrupted()) return interrupted_or(finish(report, options, out));  // half a summary is none
  write_document(place, "step_verification_summary", step_summary_json(report, folder));
  return finish(report, options, out);
}

}  // namespace decomp
