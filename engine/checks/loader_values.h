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
    function,
  };
  Kind kind = plain_text;
  std::string text = {};  // plain_text, path, ancestors: the characters. spec to source_loader: the file, as one would import it
  long number = 0;
  Node node = {};         // table, function
  std::string name = {};  // spec: what the module would call itself
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
    int depth = 0;
  };

  // `path`: of the file; what counts is its last part. `names`: of the module. `unsure`: those that may mean two things.
  LoadEvaluator(const std::string& path, const Bindings& names, const std::set<std::string>& unsure);

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
  Value look_up(const Node& at, const LoadValue& table, const std::string& key, const Frame& frame);
  // The values of all positional arguments; nothing if one is unknown, or if there are keywords.
  std::optional<std::vector<LoadValue>> arguments(const Node& call, const Frame& frame);
  std::string global_path(const Node& node, const Frame& frame) const;  // "" for what is no imported or builtin name
  bool is_harmless(const Node& expression, const Frame& frame);
  bool is_guard(const Node& statement, const Frame& frame);
  bool is_search_path(const Node& statement, const Frame& frame);
  bool is_own_import(const Node& statement, Frame& frame);

  std::string here_;  // the folder of the file, in a form that no literal can spell
  std::string own_;   // the file
  const Bindings& names_;
  const std::set<std::string>& unsure_;
  Scopes scopes_;
  std::map<std::string, LoadValue> constants_;
  std::set<std::string> applied_, looked_up_;
  std::optional<LoadDoubt> doubt_;
  int steps_ = 0;
};

}  // namespace decomp
