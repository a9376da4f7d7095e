// decomp wrap PACKAGE:CLASS --config FILE --inputs FILE -o FILE

#include <fstream>
#include <sstream>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/output_file.h"
#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

std::string read_text(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorKind::usage, "--inputs: there is no file " + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

int cmd_wrap(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Writes a model that lies in a package or in many files as one self-contained file, and proves it against the model.", "decomp wrap");
  std::string model, config, inputs, output;
  bool force = false;
  CommonOptions options;
  app.add_option("MODEL", model, "PACKAGE:CLASS (transformers:LlamaForCausalLM), FILE.py or FILE.py:CLASS")->required();
  app.add_option("--config", config, "JSON: the configuration of PACKAGE:CLASS");
  app.add_option("--inputs", inputs,
                 "The arguments of forward: JSON such as {\"input_ids\": {\"shape\": [2, 8], \"dtype\": \"int64\", \"high\": 100}}, or a Python file with "
                 "get_inputs()")
      ->required();
  app.add_option("--output,-o", output, "The file to write")->required();
  app.add_flag("--force", force, "Replace a file that lies there");
  options.add_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  const NativeModel native = native_model(model, config);
  if (fs::exists(output) && !force) throw Error(ErrorKind::usage, output + " exists; --force replaces it");
  require_writable_place("--output", output);
  const std::string given = read_text(inputs);
  const bool python = fs::path(inputs).extension() == ".py";
  if (!python && !Json::parse(given, nullptr, false).is_object()) throw Error(ErrorKind::usage, "--inputs: " + inputs + " is no JSON object of arguments");
  std::vector<Finding> settings = options.complete(app, fs::path(output).parent_path(), {});
  std::string text;
  Report report = load_and_run(WrapperRequest{native, output, WrapperRequest::Make{given, python, &text}}, options.check);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  const bool proved = exit_code(report) == 0 && !text.empty();
  if (proved) write_aside(output, text);
  if (!proved && !text.empty()) write_aside(output + ".unproved", text);
  const int code = finish(report, options, out);
  err << (proved ? "written: " + output : text.empty() ? "nothing was written" : "not proved; what was made lies in " + output + ".unproved") << '\n';
  return code;
}

}  // namespace decomp
