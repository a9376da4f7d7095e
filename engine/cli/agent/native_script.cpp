#include "cli/agent/native_script.h"

#include <algorithm>
#include <regex>
#include <set>
#include <vector>

#include "cli/agent/workspace.h"
#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp::agent {
namespace {

constexpr std::size_t most_files = 400;

// A JSON value as an expression of Python.
std::string python_of(const Json& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (!value.is_structured()) return value.dump();  // JSON's numbers and strings are Python's
  std::string text;
  for (const auto& [key, item] : value.items()) text += (text.empty() ? "" : ", ") + (value.is_object() ? Json(key).dump() + ": " : "") + python_of(item);
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

std::string call_with(const std::string& callee, const Json& spec) {
  const auto config = spec.find("config");
  if (config == spec.end()) return callee + "()";
  return callee + (config->is_object() ? "(**" : "(*") + python_of(*config) + ")";
}

// As python_bridge/wrap/native.py builds it: eager attention, no cache unless the configuration asks for one.
std::string transformers_text(const std::string& package, const std::string& klass, const Json& spec) {
  Json values = spec.value("config", Json::object());
  if (!values.is_object()) throw Error(ErrorKind::usage, "--config: a model of transformers takes a JSON object");
  const std::string kind = values.value("model_type", "");
  values.erase("model_type");
  if (!values.contains("use_cache")) values["use_cache"] = false;
  const std::string config = kind.empty() ? package + "." + klass + ".config_class(**values)" : package + ".AutoConfig.for_model(" + Json(kind).dump() + ", **values)";
  return "import " + package + "\n\nvalues = " + python_of(values) + "\nconfig = " + config + "\nconfig._experts_implementation = \"eager\"\nbuild = getattr(" + package + "." + klass +
         ", \"_from_config\", None) or " + package + "." + klass + ".from_config\noriginal = build(config, attn_implementation=\"eager\")\n";
}

// The dotted names that a source imports, with how many dots come before: good enough to find files; what is no file is left out.
std::set<std::string> imported_names(const std::string& text) {
  static const std::regex plain(R"((?:^|\n)[ \t]*import[ \t]+([^\n#]+))"), from(R"((?:^|\n)[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+))"), name(R"([A-Za-z_][\w.]*)");
  std::set<std::string> found;
  const auto each = [](const std::string& within, const std::regex& what, const auto& take) {
    for (std::sregex_iterator it(within.begin(), within.end(), what), end; it != end; ++it) take(*it);
  };
  each(text, plain, [&](const std::smatch& m) { each(m[1].str(), name, [&](const std::smatch& n) { found.insert(n[0].str()); }); });
  each(text, from, [&](const std::smatch& m) {
    const std::string module = m[1].str();
    found.insert(module);
    const std::string dot = module.empty() || module.back() == '.' ? "" : ".";
    each(m[2].str(), name, [&](const std::smatch& n) { found.insert(module + dot + n[0].str()); });
  });
  return found;
}

// The files below `root` that `file` imports, itself or through others, and the __init__.py on the way.
std::set<fs::path> closure_of(const fs::path& root, const fs::path& file) {
  std::set<fs::path> found;
  std::vector<fs::path> open{file};
  std::error_code ignored;
  const auto add = [&](const fs::path& path) {
    if (fs::is_regular_file(path, ignored) && found.count(path) == 0) open.push_back(path);
  };
  while (!open.empty() && found.size() < most_files) {
    const fs::path at = open.back();
    open.pop_back();
    if (!found.insert(at).second) continue;
    for (fs::path folder = at.parent_path(); folder != root && folder.has_relative_path(); folder = folder.parent_path()) add(folder / "__init__.py");
    std::string text;
    if (!read_plain(fs::canonical(at), text)) throw Error(ErrorKind::usage, "cannot read " + at.string());
    for (const std::string& name : imported_names(text)) {
      const std::size_t dots = std::min(name.find_first_not_of('.'), name.size());
      fs::path base = dots == 0 ? root : at.parent_path();
      for (std::size_t i = 1; i < dots; ++i) base = base.parent_path();
      std::string relative = name.substr(dots);
      std::replace(relative.begin(), relative.end(), '.', '/');
      add(base / (relative + ".py"));
      add(base / relative / "__init__.py");
    }
  }
  return found;
}

}  // namespace

std::map<std::string, std::string> native_files(const NativeModel& native) {
  const std::string head = "\"\"\"The native model, built as its author builds it; `decomp check` holds the file in level_3_model/ against it.\"\"\"\n\n";
  if (native.file.empty()) {
    const std::string package = native.spec.at("module").get<std::string>(), klass = native.spec.at("class").get<std::string>();
    const bool configured = package.substr(0, package.find('.')) == "transformers";
    return {{"verify_wrapper.py", head + (configured ? transformers_text(package, klass, native.spec)
                                                     : "import " + package + "\n\noriginal = " + call_with(package + "." + klass, native.spec) + "\n")}};
  }
  std::map<std::string, std::string> files;
  std::string own;
  for (const fs::path& file : closure_of(native.folder, native.file)) {
    std::string text;
    if (!read_plain(fs::canonical(file), text)) throw Error(ErrorKind::usage, "cannot read " + file.string());
    if (file == native.file) own = text;
    files["native/" + file.lexically_relative(native.folder).generic_string()] = std::move(text);
  }
  std::string module = native.file.lexically_relative(native.folder).replace_extension().generic_string();
  std::replace(module.begin(), module.end(), '/', '.');
  const auto defines = [&](const std::string& statement) { return own.rfind(statement, 0) == 0 || own.find("\n" + statement) != std::string::npos; };
  std::string maker = native.spec.value("class", "");
  for (const char* function : {"load_original", "build_original", "get_original", "make_original"})
    if (maker.empty() && defines("def " + std::string(function) + "(")) maker = function;
  const std::string path = "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).resolve().parent / \"native\"))\n";
  if (maker.empty() && !defines("class Model")) {  // a script that binds the model itself
    files["verify_wrapper.py"] = path + own;
    return files;
  }
  if (maker.empty()) maker = "Model";
  const bool values = !native.spec.contains("config") && defines("def get_init_inputs(");
  files["verify_wrapper.py"] = head + path + "from " + module + " import " + maker + (values ? ", get_init_inputs" : "") + "\n\noriginal = " +
                               (values ? maker + "(*get_init_inputs())" : call_with(maker, native.spec)) + "\n";
  return files;
}

}  // namespace decomp::agent
