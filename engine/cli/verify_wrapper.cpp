// decomp verify-wrapper --original F --wrapper F [--config F] [--output F]

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/output_file.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {

int cmd_verify_wrapper(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges a self-contained file against the native model that it stands for (phase 0).", "decomp verify-wrapper");
  std::string original, wrapper, config, output;
  CommonOptions options;
  app.add_option("--original", original,
                 "The native model: PACKAGE:CLASS (transformers:LlamaForCausalLM), FILE.py:CLASS, or a FILE.py with class Model, a function "
                 "load_original(), or a statement that binds `original`; a file may import its neighbours and packages")
      ->required();
  app.add_option("--wrapper", wrapper, "The self-contained file: Model, get_inputs(), get_init_inputs()")->required();
  app.add_option("--config", config, "JSON: the configuration of PACKAGE:CLASS");
  app.add_option("--output", output, "Where to write verification_result.json; nothing is written otherwise");
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!fs::is_regular_file(wrapper)) throw Error(ErrorKind::usage, "--wrapper: there is no file " + wrapper);
  const NativeModel native = native_model(original, config);
  if (!output.empty()) require_writable_place("--output", output);
  std::vector<Finding> settings = options.complete(app, fs::path(wrapper).parent_path(), {});
  Report report = load_and_run(WrapperRequest{native, wrapper}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  if (!output.empty()) write_document(output, "verification_result", verification_result_json(report, report.steps.at(0)));
  return finish(report, options, out);
}

}  // namespace decomp
