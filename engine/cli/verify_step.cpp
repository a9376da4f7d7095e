// decomp verify-step --original F --refactored F [--weight-map F] [--output F]

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/output_file.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {

int cmd_verify_step(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges one rewrite; children are looked for in children/ beside the refactored file.", "decomp verify-step");
  std::string original, refactored, weight_map, output;
  CommonOptions options;
  app.add_option("--original", original, "The component that is taken apart")->required();
  app.add_option("--refactored", refactored, "The same component, written with its children")->required();
  app.add_option("--weight-map", weight_map, "JSON map of the original's parameters to the refactored model's");
  app.add_option("--output", output, "Where to write verification_result.json; nothing is written otherwise");
  app.add_flag("--skip-anticheat", options.check.skip_anticheat, "Leave the grammar out; the result says SKIPPED and is no pass");
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  std::optional<fs::path> map;
  if (!weight_map.empty()) map = weight_map;
  if (!output.empty()) require_writable_place("--output", output);
  options.check.workspace_rules = false;
  StepFiles step = step_from_files(original, refactored, map);
  std::vector<Finding> settings = options.complete(app, step.root, {step});
  Report report = load_and_run(StepsRequest{{step}}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (!output.empty()) write_document(output, "verification_result", verification_result_json(report, report.steps.at(0)));
  return finish(report, options, out);
}

}  // namespace decomp
