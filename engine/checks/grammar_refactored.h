#pragma once
// The judge of a refactored class: follows what its names hold, so that children are told from everything else.
// The invariant behind it: every expression is a tensor, a number, a string, a container of these, a child, or a container
// of children. Functions, classes and modules are never values.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "checks/grammar_judge.h"
#include "checks/grammar_values.h"

namespace decomp {

class RefactoredJudge {
 public:
  // `functions`: the plumbing functions of module level. `output_types`: NamedTuples and dataclasses of the file.
  // `siblings`: of a composition, the other classes of modules; they are built and called like children.
  RefactoredJudge(JudgedFile& file, std::map<std::string, Node> functions, std::set<std::string> output_types,
                  std::set<std::string> siblings = {}, bool composition = false);

  void judge_class(const Node& klass);
  // `NAME = value` of module level, and other expressions that are evaluated once.
  void judge_constant(const Node& expression);

 private:
  enum class Place { constant, build, run };

  // A method or plumbing function, and what passes through it.
  struct Unit {
    Node definition;
    bool is_method = false;
    bool is_static = false;
    bool is_property = false;
    bool builds = false;  // reached from __init__
    bool runs = false;    // reached from forward, or from nowhere
    bool called_in_build = false, called_elsewhere = false;  // of a function: where calls of it stand
    std::vector<Held> arguments;
    Held returned;
    std::map<std::string, Held> held;  // by its local names
  };

  // The class (grammar_refactored.cpp)
  void collect_units(const Node& klass);
  void collect_states(const Node& node, const std::string& self);
  void mark_reached(const std::string& name, bool Unit::*flag);
  void judge_header(const Node& klass);
  void judge_class_body(const Node& klass);
  void judge_signature(Unit& unit);
  void judge_unit(Unit& unit, Place place);

  // Statements (grammar_refactored_statements.cpp)
  void statements(const std::vector<Node>& body);
  void statement(const Node& node);
  void refuse_statement(const Node& node);
  void with(const Node& node);
  void pattern(const Node& node);
  void assign(const Node& target, const Held& held, const Node& source);
  void assign_attribute(const Node& target, const Held& held, const Node& source);
  void assign_item(const Node& target, const Held& held);
  bool is_tie(const Node& target, const Node& source) const;
  void hold(const std::string& name, const Held& held);
  void write_state(const std::string& name, const Node& at);

  // Expressions (grammar_refactored_expressions.cpp)
  Held eval(const Node& node);
  Held eval_value(const Node& node);  // the same, but a module or class is refused
  Held eval_operand(const Node& node);  // a side of `+` and its like: a child itself is refused
  Held eval_name(const Node& node);
  Held eval_attribute(const Node& node);
  Held self_attribute(const Node& node, const std::string& name);
  Held value_attribute(const Node& node, const Held& base, const std::string& name);
  Held eval_items(const std::vector<Node>& parts, const Node& at);
  Held eval_comprehension(const Node& node);
  Held eval_subscript(const Node& node);
  void eval_type(const Node& node);
  bool is_self(const Node& node) const;
  Held held_attribute(const std::string& name) const;
  bool has_attribute(const std::string& name) const;

  // Calls (grammar_refactored_calls.cpp)
  Held eval_call(const Node& call);
  Held call_path(const Node& call, const std::string& path);
  Held call_builtin(const Node& call, const std::string& name);
  Held call_reflective(const Node& call, const std::string& name);
  Held call_self(const Node& call, const std::string& name);
  Held call_method(const Node& call, const Held& base, const std::string& name);
  Held call_container(const Node& call, const Held& base, const std::string& name);
  Held call_held(const Node& call, const Held& callee);
  Held call_unit(const Node& call, Unit& unit);
  Held build_container(const Node& call);
  void add_child(const Node& call, const std::vector<Node>& arguments);
  std::vector<Held> eval_arguments(const Node& call);  // values only
  void refuse_path(const Node& at, const std::string& path);
  void refuse_method(const Node& at, const std::string& name);
  void grow(const Node& list, const Held& more);

  void report(const std::string& rule, const Node& at, std::string message, std::string help);

  JudgedFile& file_;
  const GrammarLists& lists_;
  Scopes scopes_;
  std::map<std::string, Unit> methods_;
  std::map<std::string, Unit> functions_;
  std::set<std::string> output_types_;
  std::set<std::string> siblings_;
  bool composition_ = false;
  std::set<std::string> constants_;               // of the class
  std::set<std::string> states_;                  // attributes of self that running methods assign
  bool making_state_ = false;                     // the first value of one of them is being made
  std::string class_name_;
  std::map<std::string, Held> attributes_;        // of self
  std::set<std::string> only_none_;               // of these, those that are never anything but None: no call of one runs
  std::map<std::string, Held> numbered_;          // of self, by the literal beginning of computed names
  Unit* unit_ = nullptr;
  std::string self_;                              // the first parameter's name, "" outside methods
  std::vector<std::map<std::string, Held>> inner_;  // names of the comprehensions around
  Place place_ = Place::constant;
  bool may_build_ = false;  // judging a helper of a composition test that this class does not call: another one may, from its __init__
  bool reporting_ = true;
};

}  // namespace decomp
