#include "checks/loaders.h"

#include <algorithm>
#include <map>

#include "checks/composition_file.h"
#include "checks/custody_module.h"
#include "checks/grammar_judge.h"
#include "checks/loader_values.h"
#include "checks/name_uses.h"

namespace decomp {
namespace {

Json position_of(const Node& node) { return Json::array({node.line(), node.column(), node.end_line(), node.end_column()}); }

// import children.x as NAME, from children.x import Model as NAME
Json import_node(const LoadedName& loaded, const Node& at) {
  const bool module = loaded.gives == LoadedName::module;
  Json alias = {{"_", "alias"}, {"at", position_of(at)}, {"name", module ? loaded.kernel : "Model"}, {"asname", loaded.name}};
  Json made = {{"_", module ? "Import" : "ImportFrom"}, {"at", position_of(at)}, {"names", Json::array({std::move(alias)})}};
  if (!module) {
    made["module"] = loaded.kernel;
    made["level"] = 0;
  }
  return made;
}

std::optional<LoadedName::Gives> gives_of(const LoadValue& value) {
  if (value.kind == LoadValue::module || value.kind == LoadValue::bare) return LoadedName::module;
  if (value.kind == LoadValue::model) return LoadedName::model;
  if (value.kind == LoadValue::instance) return LoadedName::maker;
  return std::nullopt;
}

void global_names(const Node& node, std::set<std::string>& names) {
  if (node.is("Global"))
    for (const Json& name : *node.raw("names")) names.insert(name.get<std::string>());
  for (const Node& part : node.children()) global_names(part, names);
}

// A chain of attributes, subscripts and calls with a call or a subscript in it: more than a name of the module.
bool is_made(const Node& node) {
  if (node.is("Call") || node.is("Subscript")) return true;
  return node.is("Attribute") && is_made(node.child("value"));
}

class Reader {
 public:
  explicit Reader(const Facts& facts)
      : facts_(facts), body_(facts.module().list("body")), binds_(names_bound_by(body_)), names_(bindings()), evaluator_(facts.path, names_, unsure_) {}

  LoaderReading read() {
    result_.tree = facts_.tree;
    find_loading();
    if (!speaks_) return std::move(result_);
    for (std::size_t i = 0; i < body_.size(); ++i) statement(i);
    for (std::size_t i = 0; i < body_.size(); ++i)
      if (body_[i].is("ClassDef")) klass(i);
    find_helpers();
    return std::move(result_);
  }

 private:
  // The module's names; those that two statements bind may mean either.
  Bindings bindings() {
    std::vector<NameConflict> conflicts;
    Bindings names = module_bindings(facts_.module(), {}, conflicts);
    for (const NameConflict& conflict : conflicts) unsure_.insert(conflict.name);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < body_.size(); ++i)
      for (const std::string& name : binds_[i])
        if (!seen.insert(name).second && !is_import(body_[i])) unsure_.insert(name);
    global_names(facts_.module(), unsure_);
    return names;
  }

  // Functions that speak of importlib, and those that call them.
  void find_loading() {
    std::size_t before = 1;
    for (; before != loading_.size();) {
      before = loading_.size();
      for (const Node& statement : body_)
        if (statement.is("FunctionDef") && evaluator_.speaks_of_loading(statement, loading_)) loading_.insert(statement.text("name"));
    }
    for (const Node& statement : body_) {
      if (statement.is("FunctionDef") && unsure_.count(statement.text("name")) == 0)
        evaluator_.define(statement.text("name"), {LoadValue::function, "", 0, statement});
      speaks_ = speaks_ || (!is_import(statement) && evaluator_.speaks_of_loading(statement, loading_));
    }
  }

  void statement(std::size_t place) {
    const Node& at = body_[place];
    if (is_import(at) || at.is("FunctionDef") || at.is("ClassDef") || is_main_block(at)) return;
    std::vector<Node> targets = at.list("targets");
    if (at.is("AnnAssign")) targets = {at.child("target")};
    if ((!at.is("Assign") && !at.is("AnnAssign")) || targets.size() != 1 || !targets[0].is("Name") || !at.child("value")) {
      if (evaluator_.speaks_of_loading(at, loading_) || mentions_loaded(at)) {
        LoadEvaluator::Frame module;
        if (evaluator_.helps(at, module)) result_.helpers.insert(place);
        evaluator_.take_doubt();
      }
      return;
    }
    const std::string name = targets[0].text("id");
    const auto value = evaluator_.value(at.child("value"), {});
    const auto doubt = evaluator_.take_doubt();
    if (!value) {
      if (calls_loader(at.child("value"))) refuse(place, at.child("value"), doubt);
      return;
    }
    if (unsure_.count(name) != 0) return;
    evaluator_.define(name, *value);
    const auto gives = gives_of(*value);
    if (gives && *gives != LoadedName::maker) {
      made_[name] = place;
      result_.imports.insert(place);
      result_.loaded.push_back({name, value->text, *gives});
      result_.tree["body"][place] = import_node(result_.loaded.back(), at);
    } else if (value->kind == LoadValue::spec || value->kind == LoadValue::source_loader) {
      made_[name] = place;
    } else if (value->kind == LoadValue::table && only_looked_up(name)) {
      made_[name] = place;
      tables_.insert(name);
    } else if (value->kind == LoadValue::table) {
      evaluator_.forget(name);
    }
  }

  // exec_module of a module, sys.modules[...] = module
  bool mentions_loaded(const Node& at) const {
    const auto used = module_names_in(at, names_);
    return std::any_of(used.begin(), used.end(), [&](const std::string& name) { return made_.count(name) != 0; });
  }

  // Every use of the table is `NAME[...]`, read.
  bool only_looked_up(const std::string& name) const {
    std::size_t uses = 0, looks = 0;
    count_uses(facts_.module(), name, uses, looks);
    return uses == looks + 1;
  }

  static void count_uses(const Node& node, const std::string& name, std::size_t& uses, std::size_t& looks) {
    if (node.is("Name") && node.text("id") == name) ++uses;
    if (node.is("Subscript") && node.text("ctx").empty() && node.child("value").is("Name") && node.child("value").text("id") == name) ++looks;
    for (const Node& part : node.children()) count_uses(part, name, uses, looks);
  }

  bool calls_loader(const Node& expression) const {
    const Node inner = expression.is("Attribute") ? expression.child("value") : expression;
    return inner.is("Call") && evaluator_.speaks_of_loading(inner.child("func"), loading_);
  }

  void refuse(std::size_t place, const Node& call, const std::optional<LoadDoubt>& doubt) {
    std::string message = "decomp cannot tell what `" + written(call) + "` loads";
    if (doubt) message += ": " + doubt->why + (doubt->at.line() > 0 ? " (line " + std::to_string(doubt->at.line()) + ")" : "");
    result_.findings.push_back({place, {"grammar-loader", Severity::error, facts_.at(call), std::move(message),
                                        "import the file: `from children.x import Model as X`; or let the loader do no more than load the file that "
                                        "a literal text names, from a folder that is computed from `__file__`"}});
  }

  void klass(std::size_t place) {
    expressions(place, body_[place], result_.tree["body"][place], {});
  }

  static LoadEvaluator::Frame inside(LoadEvaluator::Frame frame, const Bindings& names) {
    for (const auto& [name, binding] : names) frame.bound.insert(name);
    return frame;
  }

  // `json` is the node's copy in the result.
  void expressions(std::size_t place, const Node& node, Json& json, const LoadEvaluator::Frame& frame) {
    if (node.is("JoinedStr")) return;  // Python 3.11 does not say where its parts stand
    if (is_made(node) && node.text("ctx").empty()) {
      const auto value = evaluator_.value(node, frame);
      const auto doubt = evaluator_.take_doubt();
      const auto gives = value ? gives_of(*value) : std::nullopt;
      if (gives && value->kind != LoadValue::bare) return replace(node, *value, *gives, json);
      if (node.is("Call") && !value && node.child("func").is("Name") && calls_loader(node)) return refuse(place, node, doubt);
    }
    const bool is_class = node.is("ClassDef");
    const LoadEvaluator::Frame own = is_function(node) || is_class  ? inside(frame, names_of_scope(node))
                                     : is_comprehension(node) ? inside(frame, comprehension_bindings(node))
                                                              : frame;
    const auto below = [&](const Json& from, Json& to) {
      const Node part(&from);
      // Methods do not see the names of their class.
      if (from.is_object() && from.contains("_")) expressions(place, part, to, is_class && is_function(part) ? frame : own);
    };
    for (auto& [field, part] : json.items()) {
      const Json& from = *node.raw(field);
      if (part.is_array())
        for (std::size_t i = 0; i < part.size(); ++i) below(from[i], part[i]);
      else
        below(from, part);
    }
  }

  void replace(const Node& node, const LoadValue& value, LoadedName::Gives gives, Json& json) {
    // No identifier, so that nothing else can have it; and a person recognises it.
    std::string name = last_word(value.text) + (gives == LoadedName::module ? " (module)" : gives == LoadedName::model ? " (Model)" : " (Model, built)");
    auto known = std::find_if(result_.inner.begin(), result_.inner.end(),
                              [&](const auto& inner) { return inner.name.kernel == value.text && inner.name.gives == gives; });
    if (known == result_.inner.end()) {
      if (std::any_of(result_.inner.begin(), result_.inner.end(), [&](const auto& inner) { return inner.name.name == name; }))
        name = value.text + " " + name;
      const LoadedName loaded = {name, value.text, gives};
      result_.inner.push_back({loaded, import_node(loaded, node)});
      known = std::prev(result_.inner.end());
    }
    known->name.places.push_back({node.line(), node.column(), node.end_line(), node.end_column()});
    Json stands = {{"_", "Name"}, {"at", position_of(node)}, {"id", known->name.name}};
    if (gives == LoadedName::maker) stands = {{"_", "Call"}, {"at", position_of(node)}, {"func", std::move(stands)}};
    json = std::move(stands);
  }

  static std::string last_word(const std::string& module) { return module.substr(module.rfind('.') == std::string::npos ? 0 : module.rfind('.') + 1); }

  // What was followed to its end is needed no more, unless something that stays uses it.
  void find_helpers() {
    std::map<std::size_t, std::set<std::string>> candidates;
    for (std::size_t i = 0; i < body_.size(); ++i) {
      const std::string name = body_[i].text("name");
      if (body_[i].is("FunctionDef") && evaluator_.applied().count(name) != 0) candidates[i] = {name};
      if (is_import(body_[i]) && only_importlib(body_[i])) candidates[i] = binds_[i];
    }
    for (const auto& [name, place] : made_)
      if (result_.imports.count(place) == 0 && (tables_.count(name) == 0 || evaluator_.looked_up().count(name) != 0)) candidates[place] = {name};
    const auto tree = Node(&result_.tree).list("body");
    for (bool fewer = true; fewer;) {
      fewer = false;
      std::set<std::string> used;
      for (std::size_t i = 0; i < tree.size(); ++i)
        if (candidates.count(i) == 0 && result_.helpers.count(i) == 0 && !is_import(tree[i]))
          for (const std::string& name : module_names_in(tree[i], names_)) used.insert(name);
      for (auto at = candidates.begin(); at != candidates.end();) {
        const bool needed = std::any_of(at->second.begin(), at->second.end(), [&](const std::string& name) { return used.count(name) != 0; });
        fewer = fewer || needed;
        at = needed ? candidates.erase(at) : std::next(at);
      }
    }
    for (const auto& [place, names] : candidates) result_.helpers.insert(place);
  }

  static bool only_importlib(const Node& statement) {
    if (statement.is("ImportFrom")) return statement.text("module").rfind("importlib", 0) == 0;
    const auto names = statement.list("names");
    return std::all_of(names.begin(), names.end(), [](const Node& alias) {
      const std::string name = alias.text("name");
      return name == "importlib" || name.rfind("importlib.", 0) == 0;
    });
  }

  const Facts& facts_;
  std::vector<Node> body_;
  std::vector<std::set<std::string>> binds_;
  std::set<std::string> unsure_;
  Bindings names_;
  LoadEvaluator evaluator_;
  std::set<std::string> loading_;            // functions
  bool speaks_ = false;
  std::map<std::string, std::size_t> made_;  // names that only serve to load, and the statement that binds each
  std::set<std::string> tables_;
  LoaderReading result_;
};

}  // namespace

LoaderReading read_loaders(const Facts& facts) { return Reader(facts).read(); }

LoadsAsImports loads_as_imports(const Facts& facts) {
  LoaderReading read = read_loaders(facts);
  LoadsAsImports result;
  result.facts.path = facts.path;
  for (LoadFinding& found : read.findings) result.findings.push_back(std::move(found.finding));
  const std::vector<Node> body = facts.module().list("body");
  std::vector<std::size_t> absent;
  for (std::size_t i = 0; i < body.size(); ++i)
    if (read.imports.count(i) != 0 || read.helpers.count(i) != 0) absent.push_back(i);
  for (const std::size_t i : absent) {
    for (std::size_t k = 0; k < body.size(); ++k) {
      const bool apart = body[k].end_line() < body[i].line() || body[i].end_line() < body[k].line();
      if (!apart && std::find(absent.begin(), absent.end(), k) == absent.end())
        result.findings.push_back({"grammar-path-prologue", Severity::error, facts.at(body[i]),
                                   "this statement is left out of judged runs, but shares its line with another",
                                   "write each statement on a line of its own"});
    }
    result.dropped.emplace_back(body[i].line(), body[i].end_line());
  }
  Json kept = Json::array();
  for (auto& inner : read.inner) {
    result.loaded.push_back(std::move(inner.name));
    kept.push_back(std::move(inner.import));
  }
  for (LoadedName& loaded : read.loaded) result.loaded.push_back(std::move(loaded));
  for (std::size_t i = 0; i < body.size(); ++i)
    if (read.helpers.count(i) == 0) kept.push_back(std::move(read.tree["body"][i]));
  read.tree["body"] = std::move(kept);
  result.facts.tree = std::move(read.tree);
  return result;
}

}  // namespace decomp
