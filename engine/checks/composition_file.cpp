#include "checks/composition_file.h"

#include <algorithm>
#include <cstdlib>

#include "checks/composition_literals.h"
#include "checks/grammar_judge.h"
#include "checks/loaders.h"
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
      : facts_(facts), kernels_(kernels), others_(others), loads_(read_loaders(facts, kernels)), body_(Node(&loads_.tree).list("body")) {
    std::vector<NameConflict> conflicts;
    names_ = module_bindings(Node(&loads_.tree), kernels_, conflicts);
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
    Json tree = facts_.tree;
    tree.erase("body");
    Json kept = Json::array();
    std::set<std::size_t> places;
    for (const std::size_t i : reached_statements(body_, names_bound_by(body_), names_, {result_.model_class})) {
      if (is_import(body_[i]) && is_foreign_import(body_[i])) continue;
      places.insert(i);
      kept.push_back(without_package(*body_[i].json()));
    }
    keep_loads(places, kept);
    tree["body"] = std::move(kept);
    result_.judged.tree = std::move(tree);
    drop_others(places);
  }

  // The imports that stand for loads are no lines of the file: its own lines there do not run.
  void keep_loads(std::set<std::size_t>& places, Json& kept) {
    for (const LoadFinding& found : loads_.findings)
      if (places.count(found.statement) != 0) result_.findings.push_back(found.finding);
    std::size_t next = 0;
    for (const std::size_t place : loads_.imports) {
      const LoadedName& loaded = loads_.loaded[next++];
      if (places.erase(place) != 0) result_.loaded.push_back(loaded);
    }
    for (const auto& inner : loads_.inner) {
      if (!std::any_of(kept.begin(), kept.end(), [&](const Json& statement) { return names(Node(&statement), inner.name.name); })) continue;
      const Node import(&inner.import);
      if (is_foreign_import(import)) continue;
      result_.loaded.push_back(inner.name);
      kept.insert(kept.begin(), without_package(inner.import));
    }
    for (const LoadedName& shelf : loads_.shelves) {
      const int line = shelf.places[0][0];
      if (std::any_of(places.begin(), places.end(), [&](std::size_t i) { return body_[i].line() <= line && line <= body_[i].end_line(); })) result_.loaded.push_back(shelf);
    }
  }

  static bool names(const Node& node, const std::string& name) {
    if (node.is("Name") && node.text("id") == name) return true;
    const auto parts = node.children();
    return std::any_of(parts.begin(), parts.end(), [&](const Node& part) { return names(part, name); });
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

  const Facts& facts_;
  const std::set<std::string>& kernels_;
  const std::map<std::string, std::string>& others_;
  LoaderReading loads_;
  std::vector<Node> body_;
  Bindings names_;
  LiteralReader literals_;
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
