// decomp decompose MODEL.py -o DIR

#include <fmt/format.h>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/decompose_options.h"
#include "cli/engine_loader.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// What was made, how, and where it is.
void summarise(const DecomposeOutcome& outcome, std::ostream& out) {
  const Json counts = summary_of(outcome);
  if (!counts.empty())
    out << fmt::format("{}: {} steps, {} component files of which {} are kernels, {} instances; made in {:.1f} s, {:.1f} s with its proof\n",
                       outcome.model.string(), counts.value("steps", 0), counts.value("components", 0), counts.value("kernels", 0),
                       counts.value("instances", 0), outcome.generate_seconds, outcome.seconds)
        << ways_text(counts);
  if (!outcome.put_aside.empty()) out << "what lay in " << outcome.output.string() << " is in " << outcome.put_aside.string() << '\n';
  if (!outcome.unproved.empty())
    out << "not proved; what was made is in " << outcome.unproved.string() << ": `decomp check` says where it fails\n";
  else if (outcome.partial)
    out << "PARTIAL: " << outcome.output.string() << " holds what could be taken apart and is proved, not the whole model\n";
  else if (outcome.report.status == Status::pass)
    out << "the decomposition is in " << outcome.output.string() << '\n';
}

// The report, and what was made beside it.
void print_json(const DecomposeOutcome& outcome, const Report& report, std::ostream& out) {
  Json document = report_json(report);
  document["decomposition"] = {{"model", outcome.model.string()},
                               {"output", outcome.unproved.empty() ? outcome.output.string() : outcome.unproved.string()},
                               {"partial", outcome.partial},
                               {"generate_seconds", json_number(outcome.generate_seconds)},
                               {"seconds", json_number(outcome.seconds)},
                               {"made", summary_of(outcome)}};
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace

int cmd_decompose(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Takes a model apart into components, steps and kernels, and proves the result as `decomp check` does before it is moved to DIR.",
               "decomp decompose");
  std::string model, folder;
  DecomposeRequest request;
  CommonOptions options;
  app.add_option("MODEL", model, "A file with Model, get_inputs() and get_init_inputs()")->required();
  app.add_option("-o,--output", folder, "The folder to make")->required();
  add_decompose_options(app, request);
  options.add_limits_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!fs::is_regular_file(model)) throw Error(ErrorKind::usage, fs::is_directory(model) ? model + " is a folder; use decomp batch-decompose" : "there is no file " + model);
  std::vector<Finding> settings = options.complete(app, model, {});
  request.items = {{model, folder}};
  Report report;
  DecomposeOutcome done;
  request.on_done = [&](const DecomposeOutcome& outcome) {
    done = outcome;
    report = outcome.report;
    if (options.format == "text") summarise(outcome, out);
  };
  show_progress(options, 2);
  const Report all = load_and_run(request, options.check);
  report.versions = all.versions;
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (options.format != "json") return finish(report, options, out);
  print_json(done, report, out);
  return exit_code(report);
}

}  // namespace decomp
