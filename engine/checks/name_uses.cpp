#include "checks/name_uses.h"

#include "checks/custody_module.h"

namespace decomp {
namespace {

class Walk {
 public:
  Walk(const Bindings& module, bool builtins, const std::function<void(const NameUse&)>& use)
      : scopes_(module), builtins_(builtins), use_(use) {}

  void visit(const Node& node) {
    if (!node) return;
    if (node.is("Name") || node.is("Attribute")) return name(node);
    if (is_function(node)) return function(node);
    if (node.is("ClassDef")) return klass(node);
    if (is_comprehension(node)) return comprehension(node);
    const Node outer = string_;
    if (node.is("JoinedStr") && !string_) string_ = node;
    all(node.children());
    string_ = outer;
  }

 private:
  void all(const std::vector<Node>& nodes) {
    for (const Node& node : nodes) visit(node);
  }

  void name(const Node& node) {
    Node root = node;
    while (root.is("Attribute")) root = root.child("value");
    if (!root.is("Name")) return visit(root);
    const std::string id = root.text("id");
    if (scopes_.is_global(id) || (builtins_ && !scopes_.find(id))) use_({node, root, scopes_.resolve(node), string_});
  }

  // Decorators, defaults and annotations belong to the scope around.
  void function(const Node& node) {
    all(node.list("decorator_list"));
    const Node arguments = node.child("args");
    all(arguments.list("defaults"));
    all(arguments.list("kw_defaults"));
    for (const Node& parameter : parameters(node)) visit(parameter.child("annotation"));
    visit(node.child("returns"));
    scopes_.push(Scopes::function, names_of_scope(node));
    if (node.is("Lambda"))
      visit(node.child("body"));
    else
      all(node.list("body"));
    scopes_.pop();
  }

  void klass(const Node& node) {
    for (const char* field : {"decorator_list", "bases", "keywords"}) all(node.list(field));
    scopes_.push(Scopes::klass, names_of_scope(node));
    all(node.list("body"));
    scopes_.pop();
  }

  void comprehension(const Node& node) {
    scopes_.push(Scopes::comprehension, comprehension_bindings(node));
    all(node.children());
    scopes_.pop();
  }

  Scopes scopes_;
  bool builtins_;
  const std::function<void(const NameUse&)>& use_;
  Node string_;
};

}  // namespace

void each_name_use(const Node& node, const Bindings& module, bool builtins, const std::function<void(const NameUse&)>& use) {
  Walk(module, builtins, use).visit(node);
}

std::set<std::string> module_names_in(const Node& node, const Bindings& module) {
  std::set<std::string> names;
  each_name_use(node, module, false, [&](const NameUse& use) { names.insert(use.root.text("id")); });
  return names;
}

void local_names_in(const Node& node, std::set<std::string>& names) {
  if (is_function(node) || node.is("ClassDef"))
    for (const auto& [name, binding] : names_of_scope(node)) names.insert(name);
  if (is_comprehension(node))
    for (const auto& [name, binding] : comprehension_bindings(node)) names.insert(name);
  for (const Node& part : node.children()) local_names_in(part, names);
}

}  // namespace decomp
