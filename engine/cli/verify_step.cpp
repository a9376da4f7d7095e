// decomp verify-step --original F --refactored F [--weight-map F] [--output F]

#include <fstream>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// Written aside, then renamed: a killed run leaves no half-written file.
void write_file(const fs::path& file, const std::string& text) {
  fs::path aside = file;
  aside += ".part";
  {
    std::ofstream out(aside, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) throw Error(ErrorKind::infrastructure, "cannot write " + file.string());
  }
  std::error_code error;
  fs::rename(aside, file, error);
  if (error) {
    fs::remove(aside, error);
    throw Error(ErrorKind::infrastructure, "cannot write " + file.string());
  }
}

}  // namespace

int cmd_verify_step(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges one rewrite; children are looked for in children/ beside the refactored file.", "verify-step");
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
  StepFiles step = step_from_files(original, refactored, map);
  options.read_config(app, step.root.empty() ? "." : step.root);
  Report report = load_and_run({step}, options.check);
  if (!output.empty())
    write_file(output, verification_result_json(report, report.steps.at(0)).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  return finish(std::move(report), options, out);
}

}  // namespace decomp
