#pragma once
// rules/grammar.json and rules/ops.json as sets that answer quickly.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/rules.h"

namespace decomp {

class NameSet {
 public:
  void add(std::string name) { names_.insert(std::move(name)); }
  bool has(std::string_view name) const { return names_.find(name) != names_.end(); }
  const auto& all() const { return names_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> names_;
};

// Where a piece of a component stands; each allows a little more than the one before.
enum class Mode {
  code,         // classes, helpers, module level
  initialiser,  // __init__, _init_weights, ...: constants and weights are made here
  inputs,       // get_inputs and its like
  tests,        // run_tests, the __main__ block
};

// Names that have a rule and an explanation of their own. Everything else that is in no list is refused in general terms.
struct BannedGroup {
  std::string rule;
  std::string why;
  std::string help;
  std::set<std::string, std::less<>> allowed_in;  // "tests"
};

class GrammarLists {
 public:
  explicit GrammarLists(const RuleBook& book);
  static const GrammarLists& embedded();

  // Of the banned paths, the longest that is `path` or a prefix of it. `length` gets its length.
  const BannedGroup* banned_path(std::string_view path, std::size_t* length = nullptr) const;
  const BannedGroup* banned_attribute(std::string_view name) const;
  // The longest prefix of `path` (whole parts) that `set` holds; 0 when there is none.
  static std::size_t longest_prefix(std::string_view path, const NameSet& set);

  bool is_plumbing_method(std::string_view name) const;
  bool is_known(std::string_view attribute) const { return known_attributes.has(attribute); }

  NameSet template_functions, required_functions;
  std::vector<std::string> refactored_classes, component_classes;
  NameSet refactored_imports, inert_imports, test_imports, component_modules, reserved_modules;

  // Refactored classes. Paths are dotted: "torch.cat", "builtins.len".
  NameSet plumbing_paths, value_paths, type_paths, constructor_paths, limit_paths, limit_attributes, number_paths;
  NameSet container_paths, context_paths, output_bases, plain_builtins, decorators;
  NameSet plumbing_methods, python_methods, value_attributes, module_attributes;
  NameSet random_paths, random_methods;

  // Components.
  NameSet component_paths, numpy_paths, numpy_values, component_builtins, component_methods, component_attributes;
  NameSet special_methods, overridable, plain_bases, storable;
  NameSet input_paths, input_methods, test_paths, test_builtins, test_methods;

  NameSet python_builtins, exceptions, known_attributes, module_names, mutators, init_functions, licensable;
  NameSet prologue_paths, prologue_builtins, prologue_attributes;

 private:
  std::vector<BannedGroup> groups_;
  std::map<std::string, std::size_t, std::less<>> banned_paths_;
  std::map<std::string, std::size_t, std::less<>> banned_attributes_;
};

}  // namespace decomp
