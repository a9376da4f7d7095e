#pragma once
// What loader functions around importlib would return, found without running them: their statements are followed one by one with
// the texts that they are given. Whatever is not understood ends the attempt, so nothing is accepted that could do more than load.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checks/grammar_names.h"
#include "core/facts.h"

namespace decomp {

struct LoadValue {
  enum Kind {
    plain_text,
    path,
    integer,
    flag,          // true or false, which one is not known
    ancestors,     // `path.parents`
    spec,          // what spec_from_file_location returns
    bare,          // a module that was not executed yet
    module,
    model,         // the module's class
    init_inputs,   // what the module's get_init_inputs returns
    instance,      // Model(*get_init_inputs()) of one module
    source_loader, // importlib.machinery.SourceFileLoader(...)
    table,         // a dict that loads
    sequence,      // a list or a tuple of values
    function,
  };
  Kind kind = plain_text;
  std::string text = {};  // plain_text, path, ancestors: the characters. spec to source_loader: the file, as one would import it
  long number = 0;
  Node node = {};         // table, function
  std::string name = {};  // spec: what the module would call itself
  std::vector<LoadValue> items = {};  // sequence
};

// Why an expression could not be followed.
struct LoadDoubt {
  Node at;
  std::string why;
};

class LoadEvaluator {
 public:
  // Names of functions and calls, while one is followed.
  struct Frame {
    std::set<std::string> bound;  // in its own scope
    std::map<std::string, LoadValue> values;
    std::map<std::string, std::string> imports;  // its own: name -> path
    std::map<std::string, std::pair<std::string, LoadValue>> kept;  // by dict: the entry that this call has put there, and its key
    int depth = 0;
  };

  // `path`: of the file; what counts is its last part. `names`: of the module. `unsure`: those that may mean two things.
  LoadEvaluator(const std::string& path, const Bindings& names, const std::set<std::string>& unsure);

  // While this is set, the name of an imported kernel is that file.
  void take_imports_for_files(const std::set<std::string>* kernels) { kernels_ = kernels; }

  // Module-level names with one value for good, functions among them; all others are unknown.
  void define(const std::string& name, LoadValue value) { constants_[name] = std::move(value); }
  void forget(const std::string& name) { constants_.erase(name); }
  const LoadValue* defined(const std::string& name) const;
  std::optional<LoadValue> value(const Node& expression, const Frame& frame);
  // A statement that only helps to load: exec_module, sys.modules[...] = module, a guard that raises. Binds names of `frame`.
  bool helps(const Node& statement, Frame& frame);
  // Does the node speak of importlib, or of `functions`?
  bool speaks_of_loading(const Node& node, const std::set<std::string>& functions) const;

  const std::set<std::string>& applied() const { return applied_; }  // functions that were followed to their end
  const std::set<std::string>& looked_up() const { return looked_up_; }  // tables with an entry that was found
  // The elements that a loop over the expression goes through; nothing where they cannot be told.
  std::optional<std::vector<LoadValue>> elements(const Node& expression, const Frame& frame);
  // What a loader of the file gives for any text, of all `kernels`: texts, and for each what it gives. Nothing where that cannot be told,
  // or differs in kind.
  std::map<std::string, LoadValue> choices(const std::string& function, const std::set<std::string>& kernels);
  // Does a dict or a list hold what is loaded, as far as one can tell?
  bool is_of_files(const LoadValue& value);
  // Binds a loop's target, a name or names in a tuple, to an element.
  static bool bind(const Node& target, const LoadValue& element, Frame& frame);
  std::optional<LoadDoubt> take_doubt();  // the first one; a new attempt begins

 private:
  using Value = std::optional<LoadValue>;
  Value doubt(const Node& at, std::string why);
  Value name(const Node& node, const Frame& frame);
  Value attribute(const Node& node, const Frame& frame);
  Value subscript(const Node& node, const Frame& frame);
  Value joined(const Node& node, const Frame& frame);
  Value operation(const Node& node, const Frame& frame);
  Value call(const Node& node, const Frame& frame);
  Value call_path(const Node& node, const std::string& path, const Frame& frame);
  Value call_method(const Node& node, const LoadValue& base, const std::string& method, const Frame& frame);
  Value file_value(LoadValue::Kind kind, const Node& at, const LoadValue& file);
  Value imported(const Node& at, const LoadValue& name);
  Value member(const Node& at, const LoadValue& module, const std::string& name);
  Value apply(const Node& call, const std::string& function, const Frame& frame);
  Value run(const Node& function, Frame& frame);
  // What a loop over the expression goes through; in loader_tables.cpp, as what follows.
  Value comprehension(const Node& node, const Frame& frame);
  Value entries(const Node& at, const LoadValue& table, const Frame& frame);  // of pairs
  Value iterated(const Node& call, const std::string& function, const Frame& frame);
  Value look_up(const Node& at, const LoadValue& table, const std::string& key, const Frame& frame);
  // The values of all positional arguments; nothing if one is unknown, or if there are keywords.
  std::optional<std::vector<LoadValue>> arguments(const Node& call, const Frame& frame);
  std::string global_path(const Node& node, const Frame& frame) const;  // "" for what is no imported or builtin name
  bool is_harmless(const Node& expression, const Frame& frame);
  bool is_guard(const Node& statement, const Frame& frame);
  bool is_search_path(const Node& statement, const Frame& frame);
  bool is_own_import(const Node& statement, Frame& frame);
  bool keeps_entry(const Node& statement, Frame& frame);
  bool is_empty_dict(const Node& table, const Frame& frame);
  bool keep_entry(const Node& target, const LoadValue& made, Frame& frame);

  std::string here_;  // the folder of the file, in a form that no literal can spell
  std::string own_;   // the file
  const std::set<std::string>* kernels_ = nullptr;
  const Bindings& names_;
  const std::set<std::string>& unsure_;
  Scopes scopes_;
  std::map<std::string, LoadValue> constants_;
  std::set<std::string> applied_, looked_up_;
  std::optional<LoadDoubt> doubt_;
  int steps_ = 0;
};

}  // namespace decomp
