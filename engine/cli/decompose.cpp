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

// "the model as 1 model, 2 fusions, 5 kernels in 3 steps" and where it is.
void summarise(const DecomposeOutcome& outcome, std::ostream& out) {
  const auto summary = parse_json(outcome.summary);
  const Json* counts = std::get_if<Json>(&summary);
  if (counts != nullptr && counts->is_object())
    out << fmt::format("{}: {} steps, {} component files of which {} are kernels, {} instances; made in {:.1f} s, {:.1f} s with its proof\n",
                       outcome.model.string(), counts->value("steps", 0), counts->value("components", 0), counts->value("kernels", 0),
                       counts->value("instances", 0), outcome.generate_seconds, outcome.seconds);
  if (!outcome.put_aside.empty()) out << "what lay in " << outcome.output.string() << " is in " << outcome.put_aside.string() << '\n';
  if (!outcome.unproved.empty())
    out << "not proved; what was made is in " << outcome.unproved.string() << ": `decomp check` says where it fails\n";
  else if (outcome.report.status == Status::pass)
    out << "the decomposition is in " << outcome.output.string() << '\n';
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
  bool text = options.format == "text";
  request.on_done = [&](const DecomposeOutcome& outcome) {
    report = outcome.report;
    if (text) summarise(outcome, out);
  };
  show_progress(options, 2);
  const Report all = load_and_run(request, options.check);
  report.versions = all.versions;
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  return finish(report, options, out);
}

}  // namespace decomp
