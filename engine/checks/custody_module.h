#pragma once
// What the module-level names of a file mean to custody, and which of its statements only define something.

#include <set>
#include <string>
#include <vector>

#include "checks/custody_constants.h"
#include "checks/grammar_lists.h"
#include "checks/grammar_names.h"
#include "core/facts.h"

namespace decomp {

// rules/custody.json
struct CustodyLists {
  std::vector<std::string> roots;
  NameSet free, reads_own_namespace, reads_namespace_when_bare, reads_own_text;
  NameSet namespace_attributes, text_attributes, name_attributes, pure_calls;
  static const CustodyLists& embedded();
};

// One statement of the module.
struct ModuleStatement {
  Node node;
  std::set<std::string> binds;  // names of the module
  bool pure = false;            // only defines something: made earlier or later it is the same
};

struct ModuleNames {
  explicit ModuleNames(const Facts& facts);

  Bindings
      names;  // an import is `path` where its name can mean nothing else, else `value`; `prologue` and children: none
  std::string model;  // the model class's name, "" when there is none
  std::vector<ModuleStatement>
      statements;           // in source order, without docstrings, path prologues and the `__main__` block
  Constants constants;      // names that mean one value always
  bool whole = false;       // the file looks into its own namespace: all of its statements count, names as written
  bool keeps_text = false;  // it reads docstrings or annotations
  bool sets_dtype = false;  // it changes what floats are made without a dtype
  bool keeps_name = false;  // it reads names of classes
};

// The names that a function, a lambda or a class binds in its own scope, all as values; `global` ones are not among
// them.
Bindings names_of_scope(const Node& definition);

bool is_function(const Node& node);
// A constant as a statement of its own (a docstring), or `pass`.
bool does_nothing(const Node& statement);
// Does evaluating the annotation do more than naming a type?
bool runs_code(const Node& annotation);

}  // namespace decomp
