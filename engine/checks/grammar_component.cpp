#include "checks/grammar_component.h"

#include <algorithm>

namespace decomp {
namespace {

bool is_dunder(std::string_view name) { return name.substr(0, 2) == "__"; }

}  // namespace

ComponentJudge::ComponentJudge(JudgedFile& file) : file_(file), lists_(file.lists), scopes_(file.names) {
  collect_own_names(file.facts.module());
}

void ComponentJudge::collect_own_names(const Node& node, const std::string& first_parameter) {
  std::string first = first_parameter;
  if (node.is("FunctionDef")) {
    const auto names = parameters(node);
    if (!names.empty()) first = names[0].text("arg");
  }
  if (node.is("Attribute") && node.text("ctx") == "Store" && !first.empty() && node.child("value").text("id") == first)
    fields_.add(node.text("attr"));
  if (node.is("keyword") && !node.text("arg").empty()) fields_.add(node.text("arg"));
  if (node.is("ClassDef"))
    for (const Node& member : node.list("body")) {
      std::vector<Node> targets = member.list("targets");
      if (member.is("AnnAssign")) targets.push_back(member.child("target"));
      for (const Node& target : targets)
        if (target.is("Name")) fields_.add(target.text("id"));
    }
  for (const char* field : {"name", "arg", "asname"})
    if (const std::string name = node.text(field); !name.empty()) own_names_.add(name);
  if (node.is("Attribute") && node.text("ctx") == "Store") own_names_.add(node.text("attr"));
  if (node.is("Name") && node.text("ctx") == "Store") own_names_.add(node.text("id"));
  // Keys of ModuleDict({...}) and fields of namedtuple("Out", ["a", "b"]) become attributes.
  std::string text;
  if (string_constant(node, text) && text.size() < 200) {
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" ,", start), text.size());
      if (end > start) own_names_.add(text.substr(start, end - start));
      start = end + 1;
    }
  }
  for (const Node& part : node.children()) collect_own_names(part, first);
}

void ComponentJudge::judge_module_level(const std::vector<Node>& body, Mode mode) {
  mode_ = mode;
  statements(body);
}

void ComponentJudge::judge_function(const Node& function, Mode mode) {
  mode_ = mode;
  definition(function);
}

void ComponentJudge::statements(const std::vector<Node>& body) {
  for (const Node& statement : body) walk(statement);
}

void ComponentJudge::walk_parts(const Node& node) {
  for (const Node& part : node.children()) walk(part);
}

void ComponentJudge::walk(const Node& node) {
  const std::string_view kind = node.kind();
  if (kind.empty() || kind == "Constant") return;
  if (kind == "Name" || kind == "Attribute") {
    node.raw("ctx") ? store(node) : name_or_chain(node, false);
  } else if (kind == "Call") {
    call(node);
  } else if (kind == "Assign") {
    walk(node.child("value"));
    for (const Node& target : node.list("targets")) store(target);
  } else if (kind == "AugAssign") {
    walk(node.child("value"));
    store(node.child("target"));
  } else if (kind == "AnnAssign") {
    file_.judge_annotation(node.child("annotation"));
    walk(node.child("value"));
    store(node.child("target"));
  } else if (kind == "Subscript" && node.raw("ctx")) {
    store(node);
  } else if (kind == "FunctionDef" || kind == "Lambda") {
    definition(node);
  } else if (kind == "ClassDef") {
    class_definition(node);
  } else if (is_comprehension(node)) {
    comprehension(node);
  } else if (is_import(node)) {
    import(node);
  } else if (kind == "Global" || kind == "Nonlocal") {
    file_.report("grammar-global", node, "a function that rebinds names outside itself carries state from call to call",
                 "pass the value as an argument and return it, or keep it in an attribute of the module");
  } else if (kind.substr(0, 5) == "Async" || kind == "Await") {
    file_.report("grammar-statement", node, "asynchronous code has no place in a model", "write plain functions");
  } else if (kind == "MatchClass") {
    if (const Json* attributes = node.raw("kwd_attrs"))
      for (const Json& name : *attributes)
        if (is_dunder(name.get_ref<const std::string&>()) || lists_.is_known(name.get_ref<const std::string&>()))
          file_.report("grammar-dunder", node, "the pattern reads the attribute `" + name.get<std::string>() + "`",
                       "write an `if` with `isinstance`");
    walk_parts(node);
  } else {
    walk_parts(node);
  }
}

void ComponentJudge::import(const Node& statement) {
  file_.judge_import(statement, lists_.component_modules, mode_ == Mode::tests);
}

void ComponentJudge::comprehension(const Node& node) {
  const auto generators = node.list("generators");
  if (!generators.empty()) walk(generators[0].child("iter"));  // evaluated outside
  scopes_.push(Scopes::comprehension, comprehension_bindings(node));
  for (std::size_t i = 0; i < generators.size(); ++i) {
    if (i > 0) walk(generators[i].child("iter"));
    store(generators[i].child("target"));
    for (const Node& test : generators[i].list("ifs")) walk(test);
  }
  for (const char* field : {"elt", "key", "value"}) walk(node.child(field));
  scopes_.pop();
}

Mode ComponentJudge::mode_of(const Node& function) const {
  const std::string name = function.text("name");
  const bool method = functions_.empty() && !selves_.empty() && selves_.back() == "class";
  const bool making = method ? initialisers_.back().count(name) > 0 : lists_.init_functions.has(name);
  return mode_ == Mode::code && making ? Mode::initialiser : mode_;
}

void ComponentJudge::definition(const Node& function) {
  // Decorators and defaults run when the function is defined: at module level that is when the file is imported.
  const Mode inner_mode = mode_;
  if (!scopes_.in_function() && selves_.empty()) mode_ = Mode::code;
  for (const Node& decorator : function.list("decorator_list")) walk(decorator);
  const Node arguments = function.child("args");
  for (const char* field : {"defaults", "kw_defaults"})
    for (const Node& value : arguments.list(field)) walk(value);
  mode_ = inner_mode;
  file_.judge_annotations_of(function);

  std::vector<NameConflict> conflicts;
  Bindings locals = local_bindings(function, file_.children, conflicts);
  for (const NameConflict& conflict : conflicts) {
    const bool import = is_import(conflict.first) || is_import(conflict.second);
    if (import)
      file_.report("grammar-redefinition", conflict.second, "`" + conflict.name + "` is both an import and something else here",
                   "give the two things different names");
  }
  const bool method = !functions_.empty() ? false : !selves_.empty() && selves_.back() == "class";
  const auto decorators = function.list("decorator_list");
  const bool is_static = std::any_of(decorators.begin(), decorators.end(),
                                     [](const Node& d) { return d.is("Name") && d.text("id") == "staticmethod"; });
  const auto names = parameters(function);
  const Mode outer_mode = mode_;
  mode_ = mode_of(function);
  scopes_.push(Scopes::function, std::move(locals));
  functions_.push_back(function);
  // Nested functions see the method's self.
  const std::string self = method && !is_static && !names.empty() ? names[0].text("arg")
                           : functions_.size() > 1 && !selves_.empty() ? selves_.back() : "";
  selves_.push_back(self);
  if (function.is("Lambda"))
    walk(function.child("body"));
  else
    statements(function.list("body"));
  selves_.pop_back();
  functions_.pop_back();
  scopes_.pop();
  mode_ = outer_mode;
}

bool ComponentJudge::derives_from_module(const Node& klass, int depth) const {
  if (depth > 20) return true;
  for (const Node& base : klass.list("bases")) {
    const Resolved name = scopes_.resolve(base);
    if (name.kind == Resolved::path && name.target.rfind("torch.nn.", 0) == 0) return true;
    if (name.kind == Resolved::klass) {
      const Binding* binding = scopes_.find(name.target);
      if (binding && binding->node.is("ClassDef") && derives_from_module(binding->node, depth + 1)) return true;
    }
  }
  return false;
}

void ComponentJudge::judge_bases(const Node& klass) {
  for (const Node& base : klass.list("bases")) {
    const Node named = base.is("Subscript") ? base.child("value") : base;  // Generic[T]
    const Resolved name = scopes_.resolve(named.is("Call") ? named.child("func") : named);
    const bool is_call = named.is("Call");
    if (name.kind == Resolved::klass && name.exact && !is_call) continue;
    if (name.kind == Resolved::path) {
      if (is_call ? name.target == "collections.namedtuple"
                  : lists_.plain_bases.has(name.target) || lists_.exceptions.has(name.target))
        continue;
      if (name.target == "builtins.type" || name.target == "abc.ABCMeta") {
        file_.report("grammar-metaclass", base, "`" + written(base) + "` makes classes that behave as no reader expects",
                     "write an ordinary class");
        continue;
      }
    }
    if (name.kind == Resolved::child_class) {
      file_.report("grammar-class", base, "`" + klass.text("name") + "` derives from a child; a child may only be built and called",
                   "put the changed behaviour into a child file of its own");
      continue;
    }
    file_.report("grammar-class", base, "`" + klass.text("name") + "` derives from `" + written(base) + "`, which no class may derive from",
                 "derive from torch.nn.Module, or from a class of this file");
  }
}

void ComponentJudge::judge_member(const Node& klass, const std::string& name, const Node& member, bool is_module) {
  if (is_dunder(name)) {
    if (!lists_.special_methods.has(name) || (is_module && name == "__call__"))
      file_.report("grammar-special-method", member, "`" + klass.text("name") + "` defines `" + name + "`, which changes what plain syntax does",
                   "write an ordinary method and call it by name");
  } else if (is_module && lists_.module_names.has(name) && !lists_.overridable.has(name)) {
    file_.report("grammar-override", member, "`" + klass.text("name") + "` redefines `" + name + "` of torch.nn.Module",
                 "use another name");
  }
}

void ComponentJudge::class_definition(const Node& klass) {
  for (const Node& decorator : klass.list("decorator_list")) walk(decorator);
  for (const Node& keyword : klass.list("keywords"))
    file_.report("grammar-metaclass", keyword, "the class keyword `" + keyword.text("arg") + "` changes how the class is made",
                 "write an ordinary class");
  judge_bases(klass);
  for (const Node& base : klass.list("bases")) walk(base);

  std::vector<NameConflict> conflicts;
  Bindings members = local_bindings(klass, file_.children, conflicts);
  const bool is_module = derives_from_module(klass);
  for (const auto& [name, binding] : members) judge_member(klass, name, binding.node, is_module);

  scopes_.push(Scopes::klass, std::move(members));
  std::vector<Node> outer_functions;
  outer_functions.swap(functions_);
  selves_.push_back("class");
  initialisers_.push_back(initialisers(lists_, klass));
  statements(klass.list("body"));
  initialisers_.pop_back();
  selves_.pop_back();
  functions_.swap(outer_functions);
  scopes_.pop();
}

}  // namespace decomp
