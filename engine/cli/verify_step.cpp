// decomp verify-step --original F --refactored F [--weight-map F] [--output F]

#include <unistd.h>

#include <fstream>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "core/error.h"
#include "core/schema.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// Written aside, then renamed: a reader never sees half a file.
void write_file(const fs::path& file, const std::string& text) {
  fs::path aside = file;
  aside += "." + std::to_string(::getpid()) + ".part";
  std::error_code error;
  {
    std::ofstream out(aside, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) fs::rename(aside, file, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(aside, ignored);
  throw Error(ErrorKind::infrastructure, "cannot write " + file.string() + ": " + error.message());
}

void write_result(const fs::path& file, const Report& report) {
  const std::string text = verification_result_json(report, report.steps.at(0)).dump(2, ' ', false, Json::error_handler_t::replace);
  // What is judged is the text: what a reader will see.
  const auto parsed = parse_json(text);
  const auto* document = std::get_if<Json>(&parsed);
  const auto why = document != nullptr ? schema_violation("verification_result", *document) : std::get<JsonError>(parsed).message;
  if (why)
    throw Error(ErrorKind::infrastructure, "internal error: the result does not fit its own schema (" + *why + "); nothing was written to " +
                                               file.string());
  write_file(file, text + "\n");
}

// Said before the step runs, not after.
void require_writable_place(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw Error(ErrorKind::usage, "--output: there is no folder " + folder.string());
  if (fs::is_directory(file, ignored)) throw Error(ErrorKind::usage, "--output: " + file.string() + " is a folder; name a file in it");
  if (::access(folder.c_str(), W_OK) != 0) throw Error(ErrorKind::usage, "--output: " + folder.string() + " cannot be written to");
}

}  // namespace

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
  if (!output.empty()) require_writable_place(output);
  options.check.workspace_rules = false;
  StepFiles step = step_from_files(original, refactored, map);
  std::vector<Finding> settings = options.complete(app, step.root, {step});
  Report report = load_and_run({step}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (!output.empty()) write_result(output, report);
  return finish(report, options, out);
}

}  // namespace decomp
