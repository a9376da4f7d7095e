#include "pipeline/native_model.h"

#include <fstream>
#include <sstream>

#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// Of the packages that the file lies in, the folder that holds the outermost.
fs::path import_root(const fs::path& file) {
  fs::path root = file.parent_path();
  std::error_code ignored;
  while (root.has_relative_path() && fs::exists(root / "__init__.py", ignored)) root = root.parent_path();
  return root;
}

Json read_config(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorKind::usage, "--config: there is no file " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  Json config = Json::parse(text.str(), nullptr, false);
  if (!config.is_object() && !config.is_array())
    throw Error(ErrorKind::usage, "--config: " + file.string() + " is no JSON object (named values) or array (arguments in order)");
  return config;
}

}  // namespace

NativeModel native_model(const std::string& named, const fs::path& config) {
  NativeModel model{named, {}, Json::object(), ""};
  const std::size_t colon = named.rfind(':');
  const std::string place = named.substr(0, colon), klass = colon == std::string::npos ? "" : named.substr(colon + 1);
  if (fs::path(place).extension() == ".py") {
    std::error_code error;
    model.file = fs::canonical(place, error);
    if (error) throw Error(ErrorKind::usage, "there is no file " + place);
    if (!config.empty() && klass.empty()) throw Error(ErrorKind::usage, "--config is for a class: write " + place + ":CLASS");
    model.folder = import_root(model.file).string();
    model.spec = {{"file", model.file.string()}, {"class", klass}};
    if (!config.empty()) model.spec["config"] = read_config(config);
    return model;
  }
  if (klass.empty() || place.empty())
    throw Error(ErrorKind::usage, "\"" + named + "\" names no model: write PACKAGE:CLASS (transformers:LlamaForCausalLM), FILE.py or FILE.py:CLASS");
  model.spec = {{"module", place}, {"class", klass}};
  if (!config.empty()) model.spec["config"] = read_config(config);
  return model;
}

}  // namespace decomp
