// decomp check PATH...

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "core/error.h"

namespace decomp {

int cmd_check(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges steps, decompositions (all their steps) or a tree of them. Writes nothing.", "check");
  std::vector<std::string> paths;
  CommonOptions options;
  app.add_option("PATH", paths, "Folders: a step, a decomposition, or a tree of decompositions")->required();
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
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
  options.read_config(app, paths[0]);
  show_progress(options, steps.size());
  return finish(load_and_run(steps, options.check), options, out);
}

}  // namespace decomp
