// decomp check PATH...

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "core/error.h"

namespace decomp {

int cmd_check(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges steps, decompositions (all their steps) or a tree of them. Writes nothing.", "decomp check");
  std::vector<std::string> paths;
  CommonOptions options;
  app.add_option("PATH", paths, "Folders: a step, a decomposition, or a tree of decompositions");
  std::string source;
  app.add_option("--source", source, "The model that was decomposed, in place of the one that decomposition_tree.json names");
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (paths.empty()) throw Error(ErrorKind::usage, "give the folder of a step or of a decomposition: decomp check PATH");
  std::vector<StepFiles> steps;
  for (const std::string& path : paths) {
    auto found = find_steps(path);
    // A step that is named on the command line must have its files; inside a larger tree that is a finding.
    if (found.size() == 1 && found[0].root == std::filesystem::path(path))
      for (const auto& file : {found[0].original, found[0].refactored})
        if (!std::filesystem::exists(file))
          throw Error(ErrorKind::usage, path + " is no complete step: it has no " + file.filename().string());
    for (StepFiles& step : found) steps.push_back(std::move(step));
  }
  options.check.source = source;
  std::vector<Finding> settings = options.complete(app, paths[0], steps);
  show_progress(options, steps.size());
  Report report = load_and_run(StepsRequest{steps, true}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  return finish(report, options, out);
}

}  // namespace decomp
