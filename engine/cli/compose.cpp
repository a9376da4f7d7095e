// decomp compose DIR: builds the model of kernels only, proves it, writes verification/composition_test.py.

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {

int cmd_compose(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Builds the model of a decomposition from its kernels alone, proves it against the source model, and writes it as "
               "verification/composition_test.py, which plain Python and torch can run.",
               "decomp compose");
  std::string folder, source, output;
  bool force = false;
  CommonOptions options;
  app.add_option("DIR", folder, "The folder of the decomposition, which holds steps/ and level_0_kernel/")->required();
  app.add_option("--output,-o", output, "Where to write the file, in place of DIR/verification/composition_test.py; - for standard output");
  app.add_flag("--force", force, "Replace a composition_test.py that lies there");
  app.add_option("--source", source, "The model that was decomposed, in place of the one that decomposition_tree.json names");
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  const auto steps = find_steps(folder);
  const DecompositionFolder decomposition = decomposition_of(folder, steps);
  const fs::path place = output.empty() ? decomposition.root / "verification" / "composition_test.py" : fs::path(output);
  if (output.empty() && !force && fs::exists(place))
    throw Error(ErrorKind::usage, place.lexically_normal().string() + " exists; --force replaces it, -o FILE writes elsewhere, and decomp check judges it");
  if (!output.empty() && output != "-") require_writable_place("--output", output);
  options.check.source = source;
  std::vector<Finding> settings = options.complete(app, folder, steps);
  std::string text;
  Report report = load_and_run(ComposeRequest{decomposition, steps, &text, interrupt_flag()}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  const bool proved = !was_interrupted() && exit_code(report) == 0 && !text.empty();
  if (proved && output == "-") {
    out << text;
    return finish(report, options, err);
  }
  if (proved) write_aside(output.empty() ? report_place(decomposition.root, "composition_test.py") : place, text);
  const int code = finish(report, options, out);
  if (proved) err << "written: " << place.lexically_normal().string() << '\n';
  else err << "nothing was written: the composition is not proved\n";
  return interrupted_or(code);
}

}  // namespace decomp
