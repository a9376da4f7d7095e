#pragma once
// Where the code of one file uses the names of its module: Python's scopes followed, whatever hides them left out.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "checks/grammar_names.h"
#include "core/facts.h"

namespace decomp {

// A Name, or the longest chain of Attributes on one, that is bound at module level or, with `builtins`, bound nowhere. `name`: what
// the whole chain means. `in_string`: inside an f-string, whose parts Python 3.11 gives no true positions; else null.
struct NameUse {
  Node node;
  Node root;  // its Name
  Resolved name;
  Node in_string;
};

// All uses below `node`, a statement of the module, in source order; names that statements bind at module level count as uses.
void each_name_use(const Node& node, const Bindings& module, bool builtins, const std::function<void(const NameUse&)>& use);

// The module's names that `node` uses or binds in its own scope.
std::set<std::string> module_names_in(const Node& node, const Bindings& module);

// Names that some function, class body or comprehension below `node` binds for itself, and its parameters.
void local_names_in(const Node& node, std::set<std::string>& names);

}  // namespace decomp
