#include "checks/loaders.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "checks/composition_file.h"
#include "checks/custody_module.h"
#include "checks/grammar_judge.h"
#include "checks/loader_loops.h"
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
  Reader(const Facts& facts, const std::set<std::string>& kernels)
      : facts_(facts), kernels_(kernels), body_(facts.module().list("body")), binds_(names_bound_by(body_)), names_(bindings()), evaluator_(facts.path, names_, unsure_) {}

  LoaderReading read() {
    result_.tree = facts_.tree;
    find_loading();
    speaks_ = imports_kernels() || speaks_;
    if (!speaks_) return std::move(result_);
    for (std::size_t i = 0; i < body_.size(); ++i) statement(i);
    for (std::size_t i = 0; i < body_.size(); ++i)
      if (is_builder(body_[i])) builders_.insert(body_[i].text("name"));
    for (std::size_t i = 0; i < body_.size(); ++i)
      if (builders_.count(body_[i].text("name")) != 0 && body_[i].is("FunctionDef")) klass(i);
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

  // import linear_6x6_fp32, of a composition test: what is listed, looped over or handed to a function is the file.
  bool imports_kernels() {
    if (kernels_.empty()) return false;
    evaluator_.take_imports_for_files(&kernels_);
    return std::any_of(body_.begin(), body_.end(), [&](const Node& at) {
      if (!is_import(at)) return false;
      const auto bound = bindings_of_import(at, {});
      return std::any_of(bound.begin(), bound.end(), [&](const auto& name) {
        const std::string target = name.second.target;
        return kernels_.count(target) != 0 || kernels_.count(target.substr(target.find('.') == std::string::npos ? 0 : target.find('.') + 1)) != 0;
      });
    });
  }

  // def conv(a, b): return kernel(f"conv2d_{a}x{b}_fp32"): a function of a composition test that names kernels in its own way. It stays,
  // as plumbing around its loads.
  bool is_builder(const Node& statement) {
    if (kernels_.empty() || !statement.is("FunctionDef") || loading_.count(statement.text("name")) == 0 || evaluator_.speaks_of_loading(statement, {})) return false;
    return evaluator_.choices(statement.text("name"), kernels_).empty();
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
    } else if (value->kind == LoadValue::table || value->kind == LoadValue::sequence) {
      const bool cache = value->kind == LoadValue::table && value->node.is("Dict") && value->node.list("keys").empty();
      if (!cache && !only_read(facts_.module(), name)) return evaluator_.forget(name);
      if (cache) read_tables_.insert(name);
      if (!cache && !evaluator_.is_of_files(*value)) return;
      made_[name] = place;
      tables_.insert(name);
    }
  }

  // exec_module of a module, sys.modules[...] = module
  bool mentions_loaded(const Node& at) const {
    const auto used = module_names_in(at, names_);
    return std::any_of(used.begin(), used.end(), [&](const std::string& name) { return made_.count(name) != 0; });
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
    for (const auto& [name, binding] : names) {
      frame.bound.insert(name);
      frame.values.erase(name);
    }
    return frame;
  }

  // `json` is the node's copy in the result.
  void expressions(std::size_t place, const Node& node, Json& json, const LoadEvaluator::Frame& frame) {
    if (node.is("JoinedStr") && loops_.empty()) return;  // Python 3.11 does not say where its parts stand
    if (!loops_.empty() && constant_in_loop(node, frame, json)) return;
    if (is_comprehension(node) && unroll_comprehension(place, node, frame, json)) return;
    if (is_made(node) && node.text("ctx").empty()) {
      const auto value = evaluator_.value(node, frame);
      const auto doubt = evaluator_.take_doubt();
      const auto gives = value ? gives_of(*value) : std::nullopt;
      if (gives && value->kind != LoadValue::bare) {
        if (!loops_.empty()) choose(node, *value, *gives, frame);
        return replace(node, *value, *gives, json);
      }
      if (node.is("Call") && !value && node.child("func").is("Name") && calls_loader(node)) {
        if (any_kernel(place, node, json, frame)) return;
        if (builders_.count(node.child("func").text("id")) == 0) return refuse(place, node, doubt);
      }
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
    const Node around = std::exchange(function_, is_function(node) ? node : function_);
    for (auto& [field, part] : json.items()) {
      const Json& from = *node.raw(field);
      if (!part.is_array()) {
        below(from, part);
        continue;
      }
      Json parts = Json::array();
      for (std::size_t i = 0; i < part.size(); ++i) {
        if (from[i].is_object() && unroll_loop(place, Node(&from[i]), own, parts)) continue;
        below(from[i], part[i]);
        parts.push_back(std::move(part[i]));
      }
      part = std::move(parts);
    }
    function_ = around;
  }

  // kernel(f"linear_{a}x{b}_fp32"): one of the kernels, in a class of a composition test. What it is given is judged as any value.
  bool any_kernel(std::size_t place, const Node& node, Json& json, const LoadEvaluator::Frame& frame) {
    const auto given = node.list("args");
    const std::string function = node.child("func").text("id");
    if (kernels_.empty() || !loops_.empty() || given.size() != 1 || given[0].is("Starred") || !node.list("keywords").empty() || frame.bound.count(function) != 0) return false;
    const auto choices = evaluator_.choices(function, kernels_);
    if (choices.empty()) return false;
    const auto gives = gives_of(choices.begin()->second);
    if (!gives || (*gives != LoadedName::model && *gives != LoadedName::maker)) return false;
    Json table = {{"called", *gives == LoadedName::maker}, {"variables", nullptr}, {"rows", Json::array()}};
    for (const auto& [text, value] : choices)
      table["rows"].push_back({{"key", Json::array({text})}, {"gives", *gives == LoadedName::model ? "model" : "maker"}, {"module", value.text}});
    const std::array<int, 4> at = {node.line(), node.column(), node.end_line(), node.end_column()};
    result_.shelves.push_back({function + " (chosen, line " + std::to_string(node.line()) + ":" + std::to_string(node.column()) + ")", table.dump(), LoadedName::chooser, {at}});
    // For the grammar one of them stands for all: a child's class.
    const std::string name = function + " (any kernel)";
    if (std::none_of(result_.inner.begin(), result_.inner.end(), [&](const auto& inner) { return inner.name.name == name; })) {
      const LoadedName loaded = {name, choices.begin()->second.text, LoadedName::model};
      result_.inner.push_back({loaded, import_node(loaded, node)});
    }
    const Node argument = given[0];
    Json judged = *argument.json();
    expressions(place, argument, judged, frame);
    const Json stands = {{"_", "Name"}, {"at", position_of(node)}, {"id", name}};
    if (*gives == LoadedName::maker)
      json = {{"_", "Call"}, {"at", position_of(node)}, {"func", stands}, {"args", Json::array({std::move(judged)})}};
    else
      json = {{"_", "IfExp"}, {"at", position_of(node)}, {"test", std::move(judged)}, {"body", stands}, {"orelse", stands}};
    return true;
  }

  // A variable of the loop that is a text or a number, and what is put together from such.
  bool constant_in_loop(const Node& node, const LoadEvaluator::Frame& frame, Json& json) {
    if ((!node.is("Name") && !node.is("JoinedStr")) || !node.text("ctx").empty()) return false;
    if (node.is("Name") && loop_names().count(node.text("id")) == 0) return false;
    const auto value = evaluator_.value(node, frame);
    evaluator_.take_doubt();
    const Json constant = value ? constant_node(*value, node) : Json();
    if (constant.is_null()) return node.is("JoinedStr");
    json = constant;
    return true;
  }

  std::set<std::string> loop_names() const {
    std::set<std::string> names;
    for (const auto& loop : loops_) names.insert(loop.begin(), loop.end());
    return names;
  }

  // The elements of a loop that has to do with files; its runs go through a shelf where the elements are files.
  std::optional<std::vector<LoadValue>> looped(const Node& target, const Node& iter, const std::vector<Node>& body, const LoadEvaluator::Frame& frame) {
    const auto all = evaluator_.elements(iter, frame);
    evaluator_.take_doubt();
    if (!all || all->empty()) return std::nullopt;
    LoadValue whole{LoadValue::sequence};
    whole.items = *all;
    const bool loads = std::any_of(body.begin(), body.end(), [&](const Node& part) { return evaluator_.speaks_of_loading(part, loading_) || mentions_loaded(part); });
    if (!holds_files(whole) && !loads) return std::nullopt;
    const auto shelf = shelf_of(whole);
    LoadEvaluator::Frame trial = frame;
    if (!shelf || !LoadEvaluator::bind(target, (*all)[0], trial)) return std::nullopt;
    if (holds_files(whole) && loops_.empty()) {
      const std::array<int, 4> at = {iter.line(), iter.column(), iter.end_line(), iter.end_column()};
      const std::string name = written(iter) + " (loaded, line " + std::to_string(iter.line()) + ":" + std::to_string(iter.column()) + ")";
      result_.shelves.push_back({name, shelf->dump(), LoadedName::shelf, {at}});
    } else if (holds_files(whole)) {
      return std::nullopt;  // a loop over files inside another one
    }
    note_tables(iter);
    return all;
  }

  void note_tables(const Node& expression) {
    for (const std::string& name : module_names_in(expression, names_))
      if (tables_.count(name) != 0) read_tables_.insert(name);
  }

  // [k.Model(*k.get_init_inputs()) for k in KERNELS]: a list of the models, a dict for a dict.
  bool unroll_comprehension(std::size_t place, const Node& node, const LoadEvaluator::Frame& frame, Json& json) {
    const auto generators = node.list("generators");
    if (generators.size() != 1 || !generators[0].list("ifs").empty() || node.is("SetComp")) return false;
    const Node target = generators[0].child("target");
    const bool dict = node.is("DictComp");
    const std::vector<Node> made = dict ? std::vector<Node>{node.child("key"), node.child("value")} : std::vector<Node>{node.child("elt")};
    const Before before(*this);
    const auto all = looped(target, generators[0].child("iter"), made, frame);
    if (!all) return false;
    Json unrolled = {{"_", dict ? "Dict" : "List"}, {"at", position_of(node)}};
    for (const LoadValue& element : *all)
      for (std::size_t i = 0; i < made.size(); ++i) {
        auto copy = copy_in_loop(place, made[i], target, bound(target, element, frame));
        if (!copy) return before.restore(*this);
        unrolled[!dict ? "elts" : i == 0 ? "keys" : "values"].push_back(std::move(*copy));
      }
    json = std::move(unrolled);
    return true;
  }

  // for name, module in KERNELS.items(): self.add_module(name, module.Model(*module.get_init_inputs()))
  bool unroll_loop(std::size_t place, const Node& node, const LoadEvaluator::Frame& frame, Json& statements) {
    if (!node.is("For") || !function_ || !node.list("orelse").empty()) return false;
    const auto body = node.list("body");
    std::set<std::string> names;
    target_names(node.child("target"), names);
    // What its variables are afterwards, or before, nobody follows.
    if (std::any_of(body.begin(), body.end(), leaves_loop) || mentions_of(function_, names) != mentions_of(node, names) || mentions_of(node.child("iter"), names) > 0) return false;
    const Before before(*this);
    const auto all = looped(node.child("target"), node.child("iter"), body, frame);
    if (!all) return false;
    Json unrolled = Json::array();
    for (const LoadValue& element : *all) {
      LoadEvaluator::Frame inner = frame;
      LoadEvaluator::bind(node.child("target"), element, inner);
      std::vector<std::pair<Json, std::set<std::string>>> copies;  // statements, and the file that one holds by a name of its own
      for (const Node& statement : body) {
        auto copy = copy_in_loop(place, statement, node.child("target"), inner);
        if (!copy) return before.restore(*this);
        copies.push_back({std::move(*copy), note_file(statement, node, inner)});
      }
      for (std::size_t i = 0; i < copies.size(); ++i) {
        const Json& copy = copies[i].first;
        const std::set<std::string>& held = copies[i].second;
        const bool needed = held.empty() || std::any_of(copies.begin(), copies.end(), [&](const auto& other) { return &other != &copies[i] && mentions_of(Node(&other.first), held) > 0; });
        if (needed) unrolled.push_back(copy);
      }
    }
    for (Json& statement : unrolled) statements.push_back(std::move(statement));
    return true;
  }

  // module = load(name), inside a loop: what the name is for the statements that follow. The names, where nothing else speaks of them.
  std::set<std::string> note_file(const Node& statement, const Node& loop, LoadEvaluator::Frame& frame) {
    const auto targets = statement.list("targets");
    if (!statement.is("Assign") || targets.size() != 1 || !targets[0].is("Name")) return {};
    const std::set<std::string> name = {targets[0].text("id")};
    const auto value = evaluator_.value(statement.child("value"), frame);
    evaluator_.take_doubt();
    if (!value || (value->kind != LoadValue::module && value->kind != LoadValue::model) || mentions_of(function_, name) != mentions_of(loop, name)) return {};
    frame.bound.insert(*name.begin());
    frame.values[*name.begin()] = *value;
    return name;
  }

  // What a loop that turns out not to be copied has left behind is taken back.
  struct Before {
    explicit Before(const Reader& reader) : shelves(reader.result_.shelves), inner(reader.result_.inner), findings(reader.result_.findings) {}
    bool restore(Reader& reader) const {
      reader.result_.shelves = shelves;
      reader.result_.inner = inner;
      reader.result_.findings = findings;
      return false;
    }
    std::vector<LoadedName> shelves;
    std::vector<LoaderReading::Inner> inner;
    std::vector<LoadFinding> findings;
  };

  static LoadEvaluator::Frame bound(const Node& target, const LoadValue& element, LoadEvaluator::Frame frame) {
    LoadEvaluator::bind(target, element, frame);
    return frame;
  }

  // `frame`: with the element. Nothing where the loop does more with its variables than to name what is loaded.
  std::optional<Json> copy_in_loop(std::size_t place, const Node& node, const Node& target, const LoadEvaluator::Frame& frame) {
    std::set<std::string> names;
    target_names(target, names);
    loops_.push_back(names);
    Json copy = *node.json();
    expressions(place, node, copy, frame);
    loops_.pop_back();
    if (mentions_of(Node(&copy), names) > 0) return std::nullopt;
    return copy;
  }

  // In a loop an expression that calls a loader stands for another file each time: it is looked up by the loop's texts and numbers.
  void choose(const Node& node, const LoadValue& value, LoadedName::Gives gives, const LoadEvaluator::Frame& frame) {
    const auto used = module_names_in(node, names_);
    if (std::none_of(used.begin(), used.end(), [&](const std::string& name) { return loading_.count(name) != 0 || tables_.count(name) != 0; })) return;
    note_tables(node);
    Json variables = Json::array(), key = Json::array();
    for (const std::string& name : loop_names()) {
      const auto known = frame.values.find(name);
      if (known == frame.values.end() || (known->second.kind != LoadValue::plain_text && known->second.kind != LoadValue::integer)) continue;
      variables.push_back(name);
      if (known->second.kind == LoadValue::integer) key.push_back(known->second.number);
      else key.push_back(known->second.text);
    }
    const std::array<int, 4> at = {node.line(), node.column(), node.end_line(), node.end_column()};
    auto chooser = std::find_if(result_.shelves.begin(), result_.shelves.end(), [&](const LoadedName& l) { return l.gives == LoadedName::chooser && l.places[0] == at; });
    if (chooser == result_.shelves.end()) {
      const Json none = {{"called", gives == LoadedName::maker}, {"variables", variables}, {"rows", Json::array()}};
      result_.shelves.push_back({written(node) + " (chosen, line " + std::to_string(node.line()) + ":" + std::to_string(node.column()) + ")", none.dump(), LoadedName::chooser, {at}});
      chooser = std::prev(result_.shelves.end());
    }
    Json table = Json::parse(chooser->kernel);
    table["rows"].push_back({{"key", std::move(key)}, {"gives", gives == LoadedName::module ? "module" : gives == LoadedName::model ? "model" : "maker"}, {"module", value.text}});
    chooser->kernel = table.dump();
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
    if (loops_.empty()) known->name.places.push_back({node.line(), node.column(), node.end_line(), node.end_column()});
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
      if (is_import(body_[i]) && root_of_import(body_[i]) == "types") candidates[i] = binds_[i];  // what loaders are annotated with
    }
    for (const auto& [name, place] : made_)
      if (result_.imports.count(place) == 0 && (tables_.count(name) == 0 || evaluator_.looked_up().count(name) != 0 || read_tables_.count(name) != 0)) candidates[place] = {name};
    const auto tree = Node(&result_.tree).list("body");
    for (bool fewer = true; fewer;) {
      fewer = false;
      std::set<std::string> used;
      for (std::size_t i = 0; i < tree.size(); ++i)
        if (candidates.count(i) == 0 && result_.helpers.count(i) == 0 && !is_import(tree[i])) {
          for (const std::string& name : module_names_in(tree[i], names_)) used.insert(name);
          for (const std::string& name : annotations_in(tree[i])) used.insert(name);
        }
      for (auto at = candidates.begin(); at != candidates.end();) {
        const bool needed = std::any_of(at->second.begin(), at->second.end(), [&](const std::string& name) { return used.count(name) != 0; });
        fewer = fewer || needed;
        at = needed ? candidates.erase(at) : std::next(at);
      }
    }
    for (const auto& [place, names] : candidates) result_.helpers.insert(place);
  }

  static std::string root_of_import(const Node& statement) {
    const auto names = statement.list("names");
    const std::string module = statement.is("ImportFrom") ? statement.text("module") : names.size() == 1 ? names[0].text("name") : "";
    return module.substr(0, module.find('.'));
  }

  // Names that annotations speak of: Python evaluates those, too.
  static std::set<std::string> annotations_in(const Node& node) {
    std::set<std::string> found;
    for (const char* field : {"annotation", "returns"})
      if (const Node annotation = node.child(field)) names_below(annotation, found);
    for (const Node& part : node.children()) found.merge(annotations_in(part));
    return found;
  }

  static void names_below(const Node& node, std::set<std::string>& found) {
    if (node.is("Name")) found.insert(node.text("id"));
    for (const Node& part : node.children()) names_below(part, found);
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
  const std::set<std::string>& kernels_;
  std::vector<Node> body_;
  std::vector<std::set<std::string>> binds_;
  std::set<std::string> unsure_;
  Bindings names_;
  LoadEvaluator evaluator_;
  std::set<std::string> loading_;            // functions
  bool speaks_ = false;
  std::map<std::string, std::size_t> made_;  // names that only serve to load, and the statement that binds each
  std::set<std::string> builders_;           // functions
  std::set<std::string> tables_, read_tables_;  // lists and dicts; those that a loop goes through
  std::vector<std::set<std::string>> loops_;  // that are copied element by element at this place: the names that each binds
  Node function_;                             // around this place
  LoaderReading result_;
};

}  // namespace

LoaderReading read_loaders(const Facts& facts, const std::set<std::string>& kernels) { return Reader(facts, kernels).read(); }

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
  for (LoadedName& shelf : read.shelves) result.loaded.push_back(std::move(shelf));
  for (std::size_t i = 0; i < body.size(); ++i)
    if (read.helpers.count(i) == 0) kept.push_back(std::move(read.tree["body"][i]));
  read.tree["body"] = std::move(kept);
  result.facts.tree = std::move(read.tree);
  return result;
}

}  // namespace decomp
