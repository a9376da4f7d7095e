#pragma once
// What a name means: Python's scopes, imports followed through aliases to full paths.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/facts.h"

namespace decomp {

struct Binding {
  enum Kind {
    value,          // anything made while the program runs
    path,           // an imported module or a member of one; target "torch.nn.functional"
    child_module,   // target: the child's module name
    child_package,  // the name `children`
    child_class,    // target: the child's module name
    function,       // a def of this file
    klass,          // a class of this file
    prologue,       // a path computed by a dropped prologue
  };
  Kind kind = value;
  std::string target;
  Node node;  // the statement that binds it
};

using Bindings = std::map<std::string, Binding, std::less<>>;

// A name that one scope binds to two things of which one is an import, a function or a class.
struct NameConflict {
  std::string name;
  Node first;
  Node second;
};

// Name -> binding for every name that an Import or ImportFrom statement makes. Star imports make none.
std::vector<std::pair<std::string, Binding>> bindings_of_import(const Node& statement, const std::set<std::string>& children);

// The module's own names, including those bound below if, try, for and with.
Bindings module_bindings(const Node& module, const std::set<std::string>& children, std::vector<NameConflict>& conflicts);

// The local names of a FunctionDef or Lambda (parameters included), or of a ClassDef's body.
Bindings local_bindings(const Node& definition, const std::set<std::string>& children, std::vector<NameConflict>& conflicts);

// The names that the `for` parts of a comprehension bind.
Bindings comprehension_bindings(const Node& comprehension);

// All parameters of a FunctionDef or Lambda in order, *args and **kwargs included.
std::vector<Node> parameters(const Node& function);

// What a Name or a chain of Attributes means.
struct Resolved {
  enum Kind { unknown, value, path, child_module, child_class, function, klass, prologue };
  Kind kind = unknown;  // unknown: neither Name nor Attribute chain
  std::string target;   // path: all of it, "torch.nn.functional.relu" or "builtins.len"; child_*, function, klass: a name
  bool exact = true;    // function, klass, child_class: false when attributes follow (`Model.forward`)
};

class Scopes {
 public:
  enum Kind { module, klass, function, comprehension };

  explicit Scopes(const Bindings& module) : module_(module) {}
  void push(Kind kind, Bindings names) { stack_.push_back({kind, std::move(names)}); }
  void pop() { stack_.pop_back(); }
  bool in_function() const;

  // The binding of `name` seen from here; nullptr for a builtin or an unknown name.
  const Binding* find(std::string_view name) const;
  // Is `name`, seen from here, bound at module level?
  bool is_global(std::string_view name) const;
  Resolved resolve(const Node& expression) const;

 private:
  struct Level {
    Kind kind;
    Bindings names;
  };
  const Binding* find_local(std::string_view name) const;

  const Bindings& module_;
  std::vector<Level> stack_;
};

// "F.relu", "self.layers[...]", "f(...)": how a person would name the expression.
std::string written(const Node& expression);

// The Name at the root of a chain of Attributes and Subscripts, a null node when there is another root.
Node root_name(Node expression);

// The text of a string Constant; false when it is none.
bool string_constant(const Node& node, std::string& text);

bool is_comprehension(const Node& node);

}  // namespace decomp
