// decomp batch DIR: every decomposition below a folder, one table.

#include <fmt/format.h>

#include <algorithm>

#include "cli/cached_check.h"
#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "core/error.h"
#include "core/source.h"
#include "report/batch.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// "level3" of output/level3/vgg, else metadata.source_level of the tree; "" where neither says.
std::string source_level(const DecompositionFolder& folder) {
  for (const fs::path& part : fs::path(folder.shown))
    if (const std::string name = part.string(); name.size() == 6 && name.rfind("level", 0) == 0 && name[5] >= '0' && name[5] <= '9') return name;
  const auto source = read_source(folder.root / "decomposition_tree.json", "", 64u << 20, folder.root);
  const auto* read = std::get_if<Source>(&source);
  const auto parsed = parse_json(read != nullptr ? read->bytes : "");
  const Json* tree = std::get_if<Json>(&parsed);
  const Json::json_pointer at("/metadata/source_level");
  return tree != nullptr && tree->contains(at) && tree->at(at).is_string() ? tree->at(at).get<std::string>() : "";
}

}  // namespace

int cmd_batch(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Checks every decomposition below a folder: PASSED, PARTIAL (some of its steps hold) or FAILED each. What ails one stops no other.",
               "decomp batch");
  std::string folder, output_dir, output_json;
  int level = -1;
  CommonOptions options;
  app.add_option("DIR", folder, "The folder with the decompositions");
  app.add_option("--output-dir", output_dir, "The same, as an option");
  app.add_option("--level", level, "Only decompositions of models of this source level: those below a folder levelN, or whose tree says so")->check(CLI::Range(0, 9));
  app.add_option("--output-json", output_json, "Where to write the table as JSON");
  options.add_to(app);
  options.add_cache_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!folder.empty() && !output_dir.empty()) throw Error(ErrorKind::usage, "give the folder once: DIR, or --output-dir DIR");
  if (folder.empty()) folder = output_dir;
  if (folder.empty()) throw Error(ErrorKind::usage, "give the folder with the decompositions: decomp batch DIR");
  if (!output_json.empty()) require_writable_place("--output-json", output_json);
  if (options.format != "text" && options.format != "json") throw Error(ErrorKind::usage, "--format of batch is text or json");
  BatchReport report;
  report.folder = folder;
  BatchRequest request;
  request.decompositions = find_decompositions(folder, &report.others);
  const std::size_t all = request.decompositions.size();
  if (level >= 0) std::erase_if(request.decompositions, [&](const DecompositionFolder& d) { return source_level(d) != "level" + std::to_string(level); });
  if (request.decompositions.empty())
    throw Error(ErrorKind::nothing, all > 0 ? fmt::format("none of the {} decompositions below {} is of level {}", all, folder, level)
                                            : "there is no decomposition below " + folder);
  std::vector<StepFiles> judged;
  for (const DecompositionFolder& d : request.decompositions) judged.push_back(step_in(d.root, d.shown));
  options.complete(app, folder, judged);
  choose_cache(options, {folder});
  Progress progress(request.decompositions.size(), "decompositions");
  RenderOptions render = render_options(options);
  request.interrupted = interrupt_flag();
  request.done = [&](std::size_t place, Report&& one) {
    apply_strict(one, options);
    progress.clear();
    const DecompositionFolder& d = request.decompositions[place];
    report.entries.push_back({d.shown, source_level(d), std::move(one)});
    if (options.format == "text") render_batch_entry(report.entries.back(), render, out);
    out.flush();
    progress.done(d.shown);
  };
  load_and_run(request, options.check);
  report.left = request.decompositions.size() - report.entries.size();
  if (options.format == "json")
    out << batch_json(report).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  else
    render_batch_total(report, render, out);
  if (!output_json.empty()) write_document(output_json, "batch_report", batch_json(report));
  return interrupted_or(exit_code(report));
}

}  // namespace decomp
