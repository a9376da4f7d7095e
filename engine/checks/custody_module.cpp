#include "checks/custody_module.h"

#include <algorithm>

#include "checks/grammar_judge.h"
#include "core/rules.h"

namespace decomp {
namespace {

bool opens_scope(const Node& node) { return is_function(node) || node.is("ClassDef"); }

// The names that `node` binds in the scope that it stands in.
void bound_names(const Node& node, std::set<std::string>& names, bool in_comprehension = false) {
  if (node.is("Import") || node.is("ImportFrom")) {
    for (const auto& [name, binding] : bindings_of_import(node, {})) names.insert(name);
    return;
  }
  if (opens_scope(node)) {
    if (!node.is("Lambda")) names.insert(node.text("name"));
    for (const char* field : {"decorator_list", "bases"})
      for (const Node& part : node.list(field)) bound_names(part, names, in_comprehension);
    for (const char* field : {"defaults", "kw_defaults"})
      for (const Node& part : node.child("args").list(field)) bound_names(part, names, in_comprehension);
    return;
  }
  in_comprehension = in_comprehension || is_comprehension(node);
  if (node.is("NamedExpr")) names.insert(node.child("target").text("id"));
  if (node.is("Name") && !in_comprehension && node.raw("ctx")) names.insert(node.text("id"));
  if (node.is("ExceptHandler") || node.is("MatchAs") || node.is("MatchStar")) names.insert(node.text("name"));
  if (node.is("MatchMapping")) names.insert(node.text("rest"));
  for (const Node& part : node.children()) bound_names(part, names, in_comprehension);
}

// Names in `global` (or `nonlocal`) statements; `everywhere`: in nested scopes, too.
void declared_names(const Node& node, std::string_view kind, bool everywhere, std::set<std::string>& names) {
  if (node.is(kind))
    for (const Json& name : *node.raw("names")) names.insert(name.get<std::string>());
  for (const Node& part : node.children())
    if (everywhere || !opens_scope(part)) declared_names(part, kind, everywhere, names);
}

// Whether evaluating something when the module is imported only makes a value.
class Purity {
 public:
  explicit Purity(const Bindings& names) : scopes_(names) {}

  bool statement(const Node& node) {
    if (does_nothing(node)) return true;
    if (is_function(node)) return function(node);
    if (node.is("ClassDef")) return klass(node);
    if (!node.is("Assign") && !node.is("AnnAssign")) return false;
    std::vector<Node> targets = node.list("targets");
    if (targets.empty()) targets.push_back(node.child("target"));
    const Node value = node.child("value");
    return std::all_of(targets.begin(), targets.end(), [](const Node& target) { return target.is("Name"); }) &&
           !runs_code(node.child("annotation")) && (!value || expression(value));
  }

 private:
  bool all(const std::vector<Node>& nodes) {
    return std::all_of(nodes.begin(), nodes.end(), [this](const Node& node) { return !node || expression(node); });
  }

  bool is_listed(const Node& callee) {
    const Resolved called = scopes_.resolve(callee);
    return called.kind == Resolved::path &&
           GrammarLists::longest_prefix(called.target, CustodyLists::embedded().pure_calls) > 0;
  }

  // Each is called with what it decorates.
  bool decorators(const Node& node) {
    const auto list = node.list("decorator_list");
    return std::all_of(list.begin(), list.end(), [this](const Node& decorator) {
      const std::string name = decorator.text("attr");
      const bool of_property =
          decorator.child("value").is("Name") && (name == "setter" || name == "getter" || name == "deleter");
      return of_property || is_listed(decorator) || (decorator.is("Call") && expression(decorator));
    });
  }

  bool function(const Node& node) {
    const Node arguments = node.child("args");
    const auto given = parameters(node);
    return decorators(node) && all(arguments.list("defaults")) && all(arguments.list("kw_defaults")) &&
           !runs_code(node.child("returns")) &&
           std::none_of(given.begin(), given.end(), [](const Node& p) { return runs_code(p.child("annotation")); });
  }

  bool klass(const Node& node) {
    if (!decorators(node) || !all(node.list("bases")) || !node.list("keywords").empty()) return false;
    const auto body = node.list("body");
    scopes_.push(Scopes::klass, names_of_scope(node));
    const bool pure = std::all_of(body.begin(), body.end(), [this](const Node& member) {
      // This method of a class runs when another class is derived from it.
      return statement(member) && member.text("name") != "__init_subclass__" && member.text("name") != "__set_name__";
    });
    scopes_.pop();
    return pure;
  }

  bool expression(const Node& node) {
    static const std::set<std::string_view> structure = {
        "Constant", "BinOp", "UnaryOp",   "BoolOp",         "Compare",   "IfExp",   "Tuple",   "List", "Set",
        "Dict",     "Slice", "Subscript", "FormattedValue", "JoinedStr", "Starred", "keyword", "Name"};
    if (node.is("Attribute")) return scopes_.resolve(node).kind == Resolved::path || expression(node.child("value"));
    if (node.is("Lambda")) return function(node);
    if (node.is("Call")) return is_listed(node.child("func")) && all(node.list("args")) && all(node.list("keywords"));
    return structure.count(node.kind()) > 0 && all(node.children());
  }

  Scopes scopes_;
};

// What the file looks at besides values.
class Reflection {
 public:
  explicit Reflection(ModuleNames& module) : module_(module), lists_(CustodyLists::embedded()), scopes_(module.names) {}

  void scan(const Node& node, bool nested = false) {
    if (is_import(node))
      for (const Node& alias : node.list("names")) {
        if (alias.text("name") == "*") module_.whole = true;
        // What the module imports counts where it is used; the uses of a nested import are not followed.
        const std::string module = node.text("module");
        if (nested) path(module.empty() ? alias.text("name") : module + "." + alias.text("name"));
      }
    if (node.is("Name") || node.is("Attribute")) {
      const Resolved resolved = scopes_.resolve(node);
      if (resolved.kind == Resolved::path) path(resolved.target);
      const std::string name = node.text("attr");
      module_.whole = module_.whole || lists_.namespace_attributes.has(name);
      module_.keeps_text = module_.keeps_text || lists_.text_attributes.has(name);
      module_.keeps_name = module_.keeps_name || lists_.name_attributes.has(name);
    }
    if (node.is("Call") && node.list("args").empty()) {
      const Resolved called = scopes_.resolve(node.child("func"));
      if (called.kind == Resolved::path && lists_.reads_namespace_when_bare.has(called.target)) module_.whole = true;
    }
    for (const Node& part : node.children()) scan(part, true);
  }

 private:
  void path(const std::string& target) {
    if (GrammarLists::longest_prefix(target, lists_.reads_own_namespace) > 0) module_.whole = true;
    module_.sets_dtype = module_.sets_dtype || target == "torch.set_default_dtype" || target == "torch.set_default_tensor_type";
    if (GrammarLists::longest_prefix(target, lists_.reads_own_text) > 0) module_.whole = module_.keeps_text = true;
  }

  ModuleNames& module_;
  const CustodyLists& lists_;
  Scopes scopes_;
};

// Children are known by where they come from.
Binding as_path(Binding binding) {
  if (binding.kind == Binding::child_class) binding.target = "children." + binding.target + ".Model";
  if (binding.kind == Binding::child_module) binding.target = "children." + binding.target;
  if (binding.kind == Binding::child_package) binding.target = "children";
  binding.kind = Binding::path;
  return binding;
}

// Names that one statement `NAME = value` binds, once, and that nothing can bind again.
Constants constants_of(const std::vector<ModuleStatement>& statements, const Bindings& names, const std::set<std::string>& unsure) {
  std::map<std::string, int> bound;
  for (const ModuleStatement& statement : statements)
    for (const std::string& name : statement.binds) ++bound[name];
  Constants constants;
  const Scopes scopes(names);
  for (const ModuleStatement& statement : statements) {
    const Node& node = statement.node;
    if (!node.is("Assign") && !node.is("AnnAssign")) continue;
    std::vector<Node> targets = node.list("targets");
    if (targets.empty()) targets.push_back(node.child("target"));
    const Node value = node.child("value");
    if (targets.size() != 1 || !targets[0].is("Name") || !value || runs_code(node.child("annotation"))) continue;
    const std::string name = targets[0].text("id");
    const auto binding = names.find(name);
    if (bound[name] != 1 || unsure.count(name) != 0 || binding == names.end() || binding->second.kind != Binding::value ||
        GrammarLists::embedded().python_builtins.has(name))
      continue;
    if (auto worth = constant_value(value, constants, scopes)) constants.emplace(name, std::move(*worth));
  }
  return constants;
}

bool is_imported(const Binding& binding) {
  return binding.kind == Binding::path || binding.kind == Binding::child_class ||
         binding.kind == Binding::child_module || binding.kind == Binding::child_package;
}

}  // namespace

const CustodyLists& CustodyLists::embedded() {
  static const CustodyLists lists = [] {
    const Json& data = rule_data("custody");
    CustodyLists made;
    made.roots = data.at("roots").get<std::vector<std::string>>();
    const auto fill = [&](const char* key, NameSet& set) {
      for (const Json& name : data.at(key)) set.add(name.get<std::string>());
    };
    fill("free", made.free);
    fill("reads_own_namespace", made.reads_own_namespace);
    fill("reads_namespace_when_bare", made.reads_namespace_when_bare);
    fill("reads_own_text", made.reads_own_text);
    fill("namespace_attributes", made.namespace_attributes);
    fill("text_attributes", made.text_attributes);
    fill("name_attributes", made.name_attributes);
    fill("pure_calls", made.pure_calls);
    return made;
  }();
  return lists;
}

bool is_function(const Node& node) {
  return node.is("FunctionDef") || node.is("AsyncFunctionDef") || node.is("Lambda");
}

bool does_nothing(const Node& statement) {
  return statement.is("Pass") || (statement.is("Expr") && statement.child("value").is("Constant"));
}

bool runs_code(const Node& annotation) {
  if (annotation.is("Call") || annotation.is("NamedExpr") || annotation.is("Await") || annotation.is("Yield") ||
      annotation.is("YieldFrom") || is_comprehension(annotation))
    return true;
  const auto parts = annotation.children();
  return std::any_of(parts.begin(), parts.end(), runs_code);
}

Bindings names_of_scope(const Node& definition) {
  std::vector<NameConflict> conflicts;
  Bindings names = local_bindings(definition, {}, conflicts);
  for (auto& [name, binding] : names) binding.kind = Binding::value;
  std::set<std::string> elsewhere;
  declared_names(definition, "Global", false, elsewhere);
  declared_names(definition, "Nonlocal", false, elsewhere);
  for (const std::string& name : elsewhere) names.erase(name);
  return names;
}

ModuleNames::ModuleNames(const Facts& facts) {
  static const std::set<std::string> no_children;
  const GrammarLists& grammar = GrammarLists::embedded();
  JudgedFile file(facts, grammar, no_children, no_children);
  names = file.names;  // before the prologue's names lose their meaning
  std::vector<Node> main_block;
  const std::vector<Node> kept = drop_prologue(file, main_block);

  for (const Node& statement : facts.module().list("body")) {
    const bool main = is_main_block(statement) && statement.list("orelse").empty();
    const bool dropped =
        std::none_of(kept.begin(), kept.end(), [&](const Node& k) { return k.json() == statement.json(); });
    if (main || (dropped && !is_main_block(statement))) continue;
    ModuleStatement made{statement, {}, false};
    bound_names(statement, made.binds);
    statements.push_back(std::move(made));
  }

  // An import stands for what it names only where it runs before all code and nothing else binds its name.
  std::set<std::string> unsure;
  for (const NameConflict& conflict : file.conflicts) unsure.insert(conflict.name);
  for (const ModuleStatement& statement : statements) declared_names(statement.node, "Global", true, unsure);
  std::set<std::string> imported;
  Purity early(names);
  bool defining = true;
  for (const ModuleStatement& statement : statements) {
    if (is_import(statement.node) && defining) imported.insert(statement.binds.begin(), statement.binds.end());
    defining = defining && (is_import(statement.node) || early.statement(statement.node));
  }
  for (auto& [name, binding] : names) {
    const bool sure =
        is_imported(binding) && imported.count(name) && !unsure.count(name) && !grammar.python_builtins.has(name);
    if (sure)
      binding = as_path(binding);
    else if (is_imported(binding) || unsure.count(name))
      binding.kind = Binding::value;
  }

  for (const std::string& name : grammar.component_classes)
    if (model.empty() && names.count(name)) model = name;
  Reflection reflection(*this);
  for (const ModuleStatement& statement : statements)
    if (!CustodyLists::embedded().free.has(statement.node.text("name"))) reflection.scan(statement.node);
  if (whole)
    for (auto& [name, binding] : names) binding.kind = Binding::value;

  if (!whole) constants = constants_of(statements, names, unsure);
  std::erase_if(statements, [this](const ModuleStatement& s) {
    return does_nothing(s.node) && !(keeps_text && s.node.is("Expr"));
  });
  Purity purity(names);
  for (ModuleStatement& statement : statements)
    statement.pure = (is_import(statement.node) && !whole) || purity.statement(statement.node);
}

}  // namespace decomp
