#include "checks/grammar_names.h"

#include <algorithm>

namespace decomp {
namespace {

bool opens_scope(const Node& node) {
  return node.is("FunctionDef") || node.is("AsyncFunctionDef") || node.is("ClassDef") || node.is("Lambda");
}

class Collector {
 public:
  Collector(const std::set<std::string>& children, std::vector<NameConflict>* conflicts)
      : children_(children), conflicts_(conflicts) {}

  void bind(const std::string& name, Binding binding) {
    const auto [at, fresh] = names_.emplace(name, binding);
    if (fresh) return;
    const Binding& old = at->second;
    const bool plain = old.kind == Binding::value && binding.kind == Binding::value;
    const bool same_import = old.kind == binding.kind && old.target == binding.target && binding.kind != Binding::function &&
                             binding.kind != Binding::klass;
    if (!plain && !same_import && conflicts_) conflicts_->push_back({name, old.node, binding.node});
  }

  void value(const std::string& name, const Node& node) {
    if (!name.empty()) bind(name, {Binding::value, "", node});
  }

  // Everything below `node` that binds a name of the scope that `node` stands in.
  void scan(const Node& node, bool in_comprehension = false) {
    if (opens_scope(node)) {
      if (!node.is("Lambda"))
        bind(node.text("name"), {node.is("ClassDef") ? Binding::klass : Binding::function, node.text("name"), node});
      // Decorators, defaults and bases belong to this scope; a walrus there binds here.
      for (const char* field : {"decorator_list", "bases"})
        for (const Node& part : node.list(field)) scan(part, in_comprehension);
      const Node arguments = node.child("args");
      for (const char* field : {"defaults", "kw_defaults"})
        for (const Node& part : arguments.list(field)) scan(part, in_comprehension);
      return;
    }
    if (node.is("Import") || node.is("ImportFrom")) {
      for (auto& [name, binding] : bindings_of_import(node, children_)) bind(name, std::move(binding));
      return;
    }
    if (is_comprehension(node)) in_comprehension = true;
    if (node.is("NamedExpr")) {
      value(node.child("target").text("id"), node);
    } else if (node.is("Name")) {
      // A comprehension's own targets are not ours.
      if (!in_comprehension && node.text("ctx") != "") value(node.text("id"), node);
    } else if (node.is("ExceptHandler") || node.is("MatchAs") || node.is("MatchStar")) {
      value(node.text("name"), node);
    } else if (node.is("MatchMapping")) {
      value(node.text("rest"), node);
    }
    for (const Node& part : node.children()) scan(part, in_comprehension);
  }

  Bindings take() { return std::move(names_); }

 private:
  const std::set<std::string>& children_;
  std::vector<NameConflict>* conflicts_;
  Bindings names_;
};

}  // namespace

bool is_comprehension(const Node& node) {
  return node.is("ListComp") || node.is("SetComp") || node.is("DictComp") || node.is("GeneratorExp");
}

std::vector<std::pair<std::string, Binding>> bindings_of_import(const Node& statement, const std::set<std::string>& children) {
  std::vector<std::pair<std::string, Binding>> names;
  const std::string module = statement.text("module");
  const Json* level = statement.raw("level");
  const bool relative = statement.is("ImportFrom") && level && level->is_number_integer() && level->get<int>() > 0;
  const std::string prefix = "children.";
  const auto child_of = [&](const std::string& path) -> std::string {
    const std::string name = path.rfind(prefix, 0) == 0 ? path.substr(prefix.size()) : path;
    // Below `children.` everything is a child, known or not; a bare name is one only if there is such a file.
    return name != path || children.count(name) ? name : "";
  };
  for (const Node& alias : statement.list("names")) {
    const std::string name = alias.text("name");
    const std::string as = alias.text("asname");
    if (name == "*") continue;
    if (statement.is("Import")) {
      if (const std::string child = child_of(name); !child.empty()) {
        if (!as.empty() || child == name)
          names.emplace_back(as.empty() ? name : as, Binding{Binding::child_module, child, statement});
        else
          names.emplace_back("children", Binding{Binding::child_package, "", statement});
      } else if (as.empty()) {
        const std::string root = name.substr(0, name.find('.'));
        names.emplace_back(root, Binding{Binding::path, root, statement});
      } else {
        names.emplace_back(as, Binding{Binding::path, name, statement});
      }
      continue;
    }
    const std::string bound = as.empty() ? name : as;
    if (relative) {
      names.emplace_back(bound, Binding{Binding::value, "", statement});
    } else if (module == "children") {
      names.emplace_back(bound, Binding{Binding::child_module, name, statement});
    } else if (const std::string child = child_of(module); !child.empty()) {
      names.emplace_back(bound, Binding{name == "Model" ? Binding::child_class : Binding::value, child, statement});
    } else {
      names.emplace_back(bound, Binding{Binding::path, module + "." + name, statement});
    }
  }
  return names;
}

Bindings module_bindings(const Node& module, const std::set<std::string>& children, std::vector<NameConflict>& conflicts) {
  Collector collector(children, &conflicts);
  for (const Node& statement : module.list("body")) collector.scan(statement);
  return collector.take();
}

std::vector<Node> parameters(const Node& function) {
  const Node arguments = function.child("args");
  std::vector<Node> all = arguments.list("posonlyargs");
  const auto add = [&](std::vector<Node> more) { all.insert(all.end(), more.begin(), more.end()); };
  add(arguments.list("args"));
  if (const Node star = arguments.child("vararg")) all.push_back(star);
  add(arguments.list("kwonlyargs"));
  if (const Node stars = arguments.child("kwarg")) all.push_back(stars);
  return all;
}

Bindings local_bindings(const Node& definition, const std::set<std::string>& children, std::vector<NameConflict>& conflicts) {
  Collector collector(children, &conflicts);
  if (!definition.is("ClassDef"))
    for (const Node& parameter : parameters(definition)) collector.value(parameter.text("arg"), parameter);
  for (const Node& statement : definition.list("body")) collector.scan(statement);
  if (definition.is("Lambda")) collector.scan(definition.child("body"));
  return collector.take();
}

Bindings comprehension_bindings(const Node& comprehension) {
  static const std::set<std::string> none;
  Collector collector(none, nullptr);
  for (const Node& generator : comprehension.list("generators")) collector.scan(generator.child("target"));
  return collector.take();
}

bool Scopes::in_function() const {
  return std::any_of(stack_.begin(), stack_.end(), [](const Level& level) { return level.kind == function; });
}

const Binding* Scopes::find_local(std::string_view name) const {
  for (auto level = stack_.rbegin(); level != stack_.rend(); ++level) {
    // The names of a class body are seen from that body only, not from what is nested in it.
    if (level->kind == klass && level != stack_.rbegin()) continue;
    if (const auto found = level->names.find(name); found != level->names.end()) return &found->second;
  }
  return nullptr;
}

const Binding* Scopes::find(std::string_view name) const {
  if (const Binding* local = find_local(name)) return local;
  const auto found = module_.find(name);
  return found == module_.end() ? nullptr : &found->second;
}

bool Scopes::is_global(std::string_view name) const { return !find_local(name) && module_.count(name) > 0; }

Resolved Scopes::resolve(const Node& expression) const {
  std::vector<std::string> parts;
  Node root = expression;
  for (; root.is("Attribute"); root = root.child("value")) parts.push_back(root.text("attr"));
  if (!root.is("Name")) return {};
  std::reverse(parts.begin(), parts.end());
  const auto join = [&](std::string path, std::size_t from = 0) {
    for (std::size_t i = from; i < parts.size(); ++i) path += "." + parts[i];
    return path;
  };
  const Binding* binding = find(root.text("id"));
  if (!binding) return {Resolved::path, join("builtins." + root.text("id"))};
  const auto child_member = [&](const std::string& module, std::size_t from) -> Resolved {
    if (parts.size() == from) return {Resolved::child_module, module};
    if (parts[from] == "Model") return {Resolved::child_class, module, parts.size() == from + 1};
    return {Resolved::child_module, module, false};
  };
  switch (binding->kind) {
    case Binding::value: return {Resolved::value, ""};
    case Binding::path: return {Resolved::path, join(binding->target)};
    case Binding::child_module: return child_member(binding->target, 0);
    case Binding::child_package:
      if (parts.empty()) return {Resolved::child_module, "", false};
      return child_member(parts[0], 1);
    case Binding::child_class: return {Resolved::child_class, binding->target, parts.empty()};
    case Binding::function: return {Resolved::function, binding->target, parts.empty()};
    case Binding::klass: return {Resolved::klass, binding->target, parts.empty()};
    case Binding::prologue: return {Resolved::prologue, root.text("id")};
  }
  return {};
}

std::string written(const Node& expression) {
  if (expression.is("Name")) return expression.text("id");
  if (expression.is("Attribute")) return written(expression.child("value")) + "." + expression.text("attr");
  if (expression.is("Subscript")) return written(expression.child("value")) + "[...]";
  if (expression.is("Call")) return written(expression.child("func")) + "(...)";
  std::string text;
  if (string_constant(expression, text)) return "'" + text.substr(0, 40) + "'";
  return "(...)";
}

Node root_name(Node expression) {
  while (expression.is("Attribute") || expression.is("Subscript")) expression = expression.child("value");
  return expression.is("Name") ? expression : Node();
}

bool string_constant(const Node& node, std::string& text) {
  if (!node.is("Constant")) return false;
  const Json* value = node.raw("value");
  if (!value || value->value("kind", "") != "str") return false;
  text = (*value)["value"].get<std::string>();
  return true;
}

}  // namespace decomp
