#include "checks/composition_file.h"

#include <algorithm>
#include <cstdlib>

#include "checks/composition_literals.h"
#include "checks/grammar_judge.h"
#include "checks/name_uses.h"

namespace decomp {
namespace {

const char* const kernel_package = "level_0_kernel";

// "level_1_fusion.swiglu" -> {"level_1_fusion", "swiglu"}; a plain name has no package.
std::pair<std::string, std::string> package_and_name(const std::string& path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string::npos || (path.rfind("level_", 0) != 0 && path.rfind("children.", 0) != 0)) return {"", path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

class Reader {
 public:
  Reader(const Facts& facts, const std::set<std::string>& kernels, const std::map<std::string, std::string>& others)
      : facts_(facts), kernels_(kernels), others_(others), body_(facts.module().list("body")) {
    std::vector<NameConflict> conflicts;
    names_ = module_bindings(facts.module(), kernels_, conflicts);
    literals_ = LiteralReader(names_);
  }

  CompositionFile read() {
    result_.judged.path = facts_.path;
    result_.model_class = find_class();
    literals_.note(body_);
    if (!result_.model_class.empty()) keep();
    result_.weight_map = literals_.weight_map(body_);
    result_.tolerances = literals_.tolerances(facts_);
    return std::move(result_);
  }

 private:
  void report(const std::string& rule, const Node& at, std::string message, std::string help) {
    result_.findings.push_back({rule, Severity::error, facts_.at(at), std::move(message), std::move(help)});
  }

  bool is_module_class(const Node& statement) const {
    if (!statement.is("ClassDef")) return false;
    for (const Node& base : statement.list("bases"))
      if (const Resolved name = Scopes(names_).resolve(base); name.kind == Resolved::path && name.target == "torch.nn.Module") return true;
    return false;
  }

  // ComposedModel, or the only class of modules that no other class builds.
  std::string find_class() {
    std::set<std::string> classes, used;
    for (const Node& statement : body_)
      if (statement.is("ClassDef") && statement.text("name") == "ComposedModel") return "ComposedModel";
    for (const Node& statement : body_) {
      if (!is_module_class(statement)) continue;
      const std::string name = statement.text("name");
      classes.insert(name);
      for (const std::string& other : module_names_in(statement, names_))
        if (other != name) used.insert(other);
    }
    std::string list;
    for (const std::string& name : classes) list += (list.empty() ? "`" : ", `") + name + "`";
    for (const std::string& name : used) classes.erase(name);
    if (classes.size() == 1) return *classes.begin();
    report("composition-no-class", body_.empty() ? facts_.module() : body_[0],
           list.empty() ? "the file defines no class `ComposedModel`"
                        : "which class is the composed model cannot be told: there are " + list + ", and none is called `ComposedModel`",
           "Define `class ComposedModel(nn.Module):` that builds kernels of level_0_kernel/ and calls them.");
    return "";
  }

  bool takes_arguments(const Node& klass) const {
    for (const Node& member : klass.list("body"))
      if (member.is("FunctionDef") && member.text("name") == "__init__") return parameters(member).size() > 1;
    return false;
  }

  void keep() {
    for (const Node& statement : body_)
      if (statement.is("ClassDef") && statement.text("name") == result_.model_class) result_.takes_arguments = takes_arguments(statement);
    find_loaders();
    auto binds = names_bound_by(body_);
    for (const std::size_t i : loading_) binds[i].clear();  // bound by decomp's own finder
    Json tree = facts_.tree;
    tree.erase("body");
    Json kept = Json::array();
    std::set<std::size_t> places;
    for (const std::size_t i : reached_statements(body_, binds, names_, {result_.model_class})) {
      if (is_import(body_[i]) && is_foreign_import(body_[i])) continue;
      places.insert(i);
      kept.push_back(without_package(*body_[i].json()));
    }
    tree["body"] = std::move(kept);
    result_.judged.tree = std::move(tree);
    drop_others(places);
    for (auto& [name, loaded] : loaded_)
      if (used_by_kept(name)) {
        foreign(loaded.kernel, loads_.at(name));
        result_.loaded.push_back(loaded);
      }
  }

  // Whole lines: a statement that shares its lines with one that is kept could not be left out alone.
  void drop_others(const std::set<std::size_t>& kept) {
    for (std::size_t i = 0; i < body_.size(); ++i) {
      if (kept.count(i) != 0) continue;
      int first = body_[i].line();
      for (const Node& decorator : body_[i].list("decorator_list")) first = std::min(first, decorator.line());
      for (const std::size_t k : kept)
        if (body_[k].line() <= body_[i].end_line() && body_[i].line() <= body_[k].end_line())
          report("grammar-path-prologue", body_[i], "this statement is left out of judged runs, but shares its line with the composed model",
                 "Write each statement on a line of its own.");
      result_.dropped.emplace_back(first, body_[i].end_line());
    }
  }

  bool used_by_kept(const std::string& name) const {
    const Node module = result_.judged.module();
    const auto statements = module.list("body");
    return std::any_of(statements.begin(), statements.end(), [&](const Node& s) { return module_names_in(s, names_).count(name) != 0; });
  }

  // An import of a file above the kernels: reported where the composed model uses it.
  bool is_foreign_import(const Node& statement) {
    std::vector<std::string> paths;
    if (statement.is("ImportFrom")) {
      const std::string module = statement.text("module");
      const bool package = module.rfind("level_", 0) == 0 && module.find('.') == std::string::npos;
      if (package)
        for (const Node& alias : statement.list("names")) paths.push_back(module + "." + alias.text("name"));
      else
        paths.push_back(module);
    } else {
      for (const Node& alias : statement.list("names")) paths.push_back(alias.text("name"));
    }
    for (const std::string& path : paths)
      if (foreign(path, statement)) return true;
    return false;
  }

  // Is `path` the import name of something that is no kernel? Then it is said.
  bool foreign(const std::string& path, const Node& at) {
    const auto [package, name] = package_and_name(path);
    const bool kernel = kernels_.count(name) != 0 && (package.empty() || package == kernel_package || package == "children");
    if (kernel) return false;
    const auto found = others_.find(name);
    if (found == others_.end()) return false;
    report("composition-not-kernels", at, "the composed model uses `" + name + "`, which is " + found->second + "; it may hold kernels only",
           "Build that component from the kernels of level_0_kernel/ that its step made.");
    return true;
  }

  // from level_0_kernel.x import Model -> from children.x import Model: one name for a kernel's module.
  static Json without_package(Json statement) {
    const auto rename = [](Json& text) {
      const std::string path = text.get<std::string>();
      const std::string package = kernel_package;
      if (path == package) text = "children";
      if (path.rfind(package + ".", 0) == 0) text = "children" + path.substr(package.size());
    };
    const std::string kind = statement.value("_", "");
    if (kind == "ImportFrom" && statement.contains("module")) rename(statement["module"]);
    if (kind == "Import")
      for (Json& alias : statement["names"])
        if (alias.contains("asname")) rename(alias["name"]);
    if (kind == "Try" || kind == "If" || kind == "ExceptHandler")
      for (const char* field : {"body", "handlers", "orelse"})
        if (statement.contains(field))
          for (Json& part : statement[field]) part = without_package(part);
    return statement;
  }

  // Loaders: functions around importlib, and what module-level statements bind with them.
  struct Loader {
    bool gives_class = false;
  };

  static bool mentions(const Node& node, const Bindings& names, const std::set<std::string>& wanted) {
    bool found = false;
    each_name_use(node, names, true, [&](const NameUse& use) { found = found || (use.name.kind == Resolved::path && wanted.count(use.name.target) != 0); });
    return found;
  }

  static bool returns_class(const Node& node) {
    if (node.is("Return")) {
      const Node value = node.child("value");
      std::string text;
      const auto arguments = value.list("args");
      const bool by_name = value.is("Call") && value.child("func").text("id") == "getattr" && arguments.size() > 1 &&
                           string_constant(arguments[1], text) && text == "Model";
      return by_name || (value.is("Attribute") && value.text("attr") == "Model");
    }
    const auto parts = node.children();
    return std::any_of(parts.begin(), parts.end(), returns_class);
  }

  void find_loaders() {
    static const std::set<std::string> makers = {"importlib.util.spec_from_file_location", "importlib.import_module", "builtins.__import__",
                                                 "importlib.machinery.SourceFileLoader"};
    for (const Node& statement : body_)
      if (statement.is("FunctionDef") && mentions(statement, names_, makers))
        loaders_[statement.text("name")] = {returns_class(statement)};
    // Loaders of loaders: def kernel(name): return load(KERNELS / name).Model
    for (const Node& statement : body_)
      if (statement.is("FunctionDef") && loaders_.count(statement.text("name")) == 0 && statement.list("body").size() <= 4)
        for (const std::string& used : module_names_in(statement, names_))
          if (const auto inner = loaders_.find(used); inner != loaders_.end() && returns(statement))
            loaders_[statement.text("name")] = {inner->second.gives_class || returns_class(statement)};
    for (std::size_t i = 0; i < body_.size(); ++i) bind_loaded(i);
  }

  static bool returns(const Node& function) {
    const auto body = function.list("body");
    return std::any_of(body.begin(), body.end(), [](const Node& s) { return s.is("Return") && s.child("value"); });
  }

  void bind_loaded(std::size_t place) {
    const Node& statement = body_[place];
    const auto targets = statement.list("targets");
    if (statement.is("FunctionDef") && loaders_.count(statement.text("name")) != 0) loading_.insert(place);
    if (!statement.is("Assign") || targets.size() != 1 || !targets[0].is("Name")) return;
    const std::string name = targets[0].text("id");
    const Node value = statement.child("value");
    const bool member = value.is("Attribute") && value.text("attr") == "Model";
    const Node inner = member ? value.child("value") : value;
    std::string kernel;
    bool is_class = member;
    if (inner.is("Name")) {  // Linear = linear.Model
      const auto known = loaded_.find(inner.text("id"));
      if (known == loaded_.end() || !member) return;
      kernel = known->second.kernel;
    } else if (inner.is("Call")) {
      const Resolved callee = Scopes(names_).resolve(inner.child("func"));
      if (callee.kind == Resolved::path && callee.target == "importlib.util.spec_from_file_location") {
        specs_[name] = kernel_named_in(inner);
        if (!specs_[name].empty()) loading_.insert(place);
        return;
      }
      if (callee.kind == Resolved::path && callee.target == "importlib.util.module_from_spec") {
        for (const Node& argument : inner.list("args"))
          if (argument.is("Name") && specs_.count(argument.text("id")) != 0) kernel = specs_[argument.text("id")];
      } else if (callee.kind == Resolved::path && callee.target == "importlib.import_module") {
        kernel = kernel_named_in(inner);
      } else if (callee.kind == Resolved::function && loaders_.count(callee.target) != 0) {
        kernel = kernel_named_in(inner);
        is_class = is_class || loaders_[callee.target].gives_class;
      }
    }
    if (kernel.empty()) return;
    loading_.insert(place);
    loaded_[name] = {name, kernel, is_class};
    Binding& binding = names_[name];
    binding.kind = is_class ? Binding::child_class : Binding::child_module;
    binding.target = kernel;
    loads_[name] = statement;
  }

  // The file that a loader is told to load: the last text that names one.
  std::string kernel_named_in(const Node& call) {
    std::string found;
    for (const std::string& text : literals_.texts_in(call)) {
      std::string name = text.substr(text.rfind('/') == std::string::npos ? 0 : text.rfind('/') + 1);
      if (name.size() > 3 && name.compare(name.size() - 3, 3, ".py") == 0) name = name.substr(0, name.size() - 3);
      if (const std::size_t dot = name.rfind('.'); dot != std::string::npos) name = name.substr(dot + 1);
      if (kernels_.count(name) != 0 || others_.count(name) != 0) found = name;
    }
    return found;
  }

  const Facts& facts_;
  const std::set<std::string>& kernels_;
  const std::map<std::string, std::string>& others_;
  std::vector<Node> body_;
  Bindings names_;
  LiteralReader literals_;
  std::map<std::string, Loader> loaders_;
  std::map<std::string, std::string> specs_;        // name of a spec -> kernel
  std::map<std::string, LoadedName> loaded_;        // by name
  std::map<std::string, Node> loads_;               // by name: the statement that loads
  std::set<std::size_t> loading_;                   // statements that only load
  CompositionFile result_;
};

// Does the statement change what a name of `kept` holds: NAME[...] = , NAME.attribute = , NAME += ?
bool changes(const Node& statement, const std::set<std::string>& kept) {
  std::vector<Node> targets = statement.list("targets");
  if (const Node one = statement.child("target"); one && statement.is("AugAssign")) targets.push_back(one);
  return std::any_of(targets.begin(), targets.end(), [&](const Node& target) {
    const Node root = root_name(target);
    return root && (!target.is("Name") || statement.is("AugAssign")) && kept.count(root.text("id")) != 0;
  });
}

}  // namespace

std::vector<std::set<std::string>> names_bound_by(const std::vector<Node>& body) {
  std::vector<std::set<std::string>> binds;
  for (const Node& statement : body) {
    Json module = {{"_", "Module"}, {"body", Json::array({*statement.json()})}};
    std::vector<NameConflict> conflicts;
    std::set<std::string> names;
    for (const auto& [name, binding] : module_bindings(Node(&module), {}, conflicts)) names.insert(name);
    binds.push_back(std::move(names));
  }
  return binds;
}

std::vector<std::size_t> reached_statements(const std::vector<Node>& body, const std::vector<std::set<std::string>>& binds,
                                            const Bindings& module, const std::set<std::string>& roots) {
  std::set<std::string> wanted = roots;
  std::set<std::size_t> kept;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (kept.count(i) != 0 || is_main_block(body[i])) continue;
      const bool future = body[i].is("ImportFrom") && body[i].text("module") == "__future__";
      const bool binding = future || std::any_of(binds[i].begin(), binds[i].end(), [&](const std::string& name) { return wanted.count(name) != 0; });
      if (!binding && !changes(body[i], wanted)) continue;
      kept.insert(i);
      more = true;
      if (is_import(body[i])) continue;
      for (const std::string& name : module_names_in(body[i], module)) wanted.insert(name);
    }
  }
  return {kept.begin(), kept.end()};
}

CompositionFile read_composition(const Facts& facts, const std::set<std::string>& kernels, const std::map<std::string, std::string>& others) {
  CompositionFile unread;
  unread.findings = facts_findings(facts);
  unread.judged.path = facts.path;
  if (!facts.module().is("Module")) return unread;
  CompositionFile read = Reader(facts, kernels, others).read();
  read.findings.insert(read.findings.begin(), unread.findings.begin(), unread.findings.end());
  return read;
}

std::vector<Finding> check_tolerances(const std::vector<DeclaredTolerance>& declared, double rtol, double atol) {
  std::vector<Finding> findings;
  std::set<std::pair<bool, double>> said;
  const auto text = [](double value) {
    char shown[32];
    std::snprintf(shown, sizeof shown, "%g", value);
    return std::string(shown);
  };
  for (const DeclaredTolerance& d : declared) {
    const double limit = d.relative ? rtol : atol;
    if (d.value <= limit * (1 + 1e-9) || !said.emplace(d.relative, d.value).second) continue;
    const std::string name = d.relative ? "rtol" : "atol";
    findings.push_back({"composition-tolerance", Severity::error, d.where,
                        "the file compares with " + name + " " + text(d.value) + "; a composition of these dtypes is held to " + text(limit),
                        "Write " + name + " " + text(limit) + ". A composition that needs more is not the model."});
  }
  return findings;
}

}  // namespace decomp
