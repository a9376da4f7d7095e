// decomp init DIR [--model MODEL.py]: the folders of a decomposition, and templates of its files.

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/skeleton.h"
#include "core/embedded.h"
#include "core/error.h"
#include "pipeline/workspace.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {

extern const EmbeddedFile* const template_files_begin;
extern const EmbeddedFile* const template_files_end;

namespace {

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) throw Error(ErrorKind::usage, "--model: cannot read " + file.string());
  return text.str();
}

// The relative path of `file` seen from `root`: a decomposition that moves together with its model keeps its source.
std::string seen_from(const fs::path& root, const fs::path& file) {
  const fs::path relative = fs::weakly_canonical(file).lexically_relative(fs::weakly_canonical(root));
  return relative.empty() ? fs::weakly_canonical(file).generic_string() : relative.generic_string();
}

Json tree_of(const std::string& source_file, const std::string& name) {
  Json node = {{"id", "root"}, {"name", name}, {"level", "model"}, {"path", "level_3_model/" + name + ".py"}, {"children", Json::array()}};
  return {{"metadata",
           {{"source_file", source_file},
            {"source_level", "level3"},
            {"model_name", name},
            {"timestamp", timestamp()},
            {"total_components", 1},
            {"by_level", {{"model", 1}, {"layer", 0}, {"fusion", 0}, {"kernel", 0}}},
            {"unique_kernels", 0},
            {"verification_status", "PENDING"}}},
          {"nodes", {{"root", std::move(node)}}},
          {"data_flow", Json::array()}};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> skeleton_files(const fs::path& root, const fs::path& model, const std::string& source_file) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const char* level : level_folders) files.emplace_back(std::string(level) + "/", "");
  files.emplace_back("steps/", "");
  files.emplace_back("verification/", "");
  for (const EmbeddedFile* file = template_files_begin; file != template_files_end; ++file)
    if (file->name.ends_with(".py")) files.emplace_back("templates/" + std::string(file->name), std::string(file->text));
  files.emplace_back("decomposition_log.json", "{\n  \"entries\": []\n}\n");
  std::string name = model.empty() ? "the model" : model.stem().string();
  if (name == "original" || name == "refactored") name = "model";  // a folder that holds one of these is a step
  files.emplace_back("decomposition_analysis.md",
                     "# " + name + "\n\n## Modules\n\n## Data flow, with shapes and dtypes\n\n## Levels, and why\n");
  if (model.empty()) return files;
  const std::string text = bytes_of(model);
  files.emplace_back("level_3_model/" + name + ".py", text);
  files.emplace_back("steps/step_1_model_to_layers/original.py", text);
  files.emplace_back("steps/step_1_model_to_layers/children/", "");
  files.emplace_back("decomposition_tree.json", tree_of(source_file.empty() ? seen_from(root, model) : source_file, name).dump(2) + "\n");
  return files;
}

std::size_t make_skeleton(const fs::path& root, const fs::path& model) {
  const auto files = skeleton_files(root, model);
  for (const auto& [name, text] : files)
    if (std::error_code ignored; name.back() != '/' && fs::exists(fs::symlink_status(root / name, ignored)))
      throw Error(ErrorKind::usage, (root / name).string() + " is there already; nothing was written. Name another folder");
  std::error_code error;
  std::size_t written = 0;
  for (const auto& [name, text] : files) {
    const fs::path file = root / name;
    fs::create_directories(name.back() == '/' ? file : file.parent_path(), error);
    if (error) throw Error(ErrorKind::usage, "cannot make " + file.string() + ": " + error.message());
    if (name.back() == '/') continue;
    std::ofstream out(file, std::ios::binary);
    if (!(out << text) || !out.flush()) throw Error(ErrorKind::infrastructure, "cannot write " + file.string());
    ++written;
  }
  return written;
}

int cmd_init(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Makes the folders of a decomposition, with templates of a component, of a refactored parent and of the composition test.", "decomp init");
  std::string root, model;
  app.add_option("DIR", root, "The decomposition's folder; files that are there already are never written over")->required();
  app.add_option("--model", model, "The model to take apart: becomes level_3_model/ and the original of step 1");
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!model.empty() && !fs::is_regular_file(model)) throw Error(ErrorKind::usage, "--model: there is no file " + model);
  if (!model.empty() && fs::path(model).extension() != ".py") throw Error(ErrorKind::usage, "--model: " + model + " is no .py file");
  const std::size_t written = make_skeleton(root, model);
  out << fmt::format("{}: {} files\n", root, written)
      << (model.empty() ? "next: put the model into level_3_model/ and steps/step_1_model_to_layers/original.py\n"
                        : "next: write steps/step_1_model_to_layers/refactored.py and its children/, then: decomp check " + root + "\n");
  return 0;
}

}  // namespace decomp
