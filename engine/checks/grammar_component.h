#pragma once
// The judge of free code: components, and the template functions of refactored files.

#include <set>
#include <string>
#include <vector>

#include "checks/grammar_judge.h"

namespace decomp {

class ComponentJudge {
 public:
  explicit ComponentJudge(JudgedFile& file);

  // Statements that stand at module level.
  void judge_module_level(const std::vector<Node>& statements, Mode mode);
  // A def of module level.
  void judge_function(const Node& function, Mode mode);

 private:
  void statements(const std::vector<Node>& body);
  void walk(const Node& node);
  void walk_parts(const Node& node);

  void definition(const Node& function);
  void class_definition(const Node& klass);
  void judge_bases(const Node& klass);
  void judge_member(const Node& klass, const std::string& name, const Node& member, bool is_module);
  void comprehension(const Node& node);
  void import(const Node& statement);

  void store(const Node& target);
  void store_attribute(const Node& target);
  void call(const Node& call);
  void reflective_call(const Node& call, const std::string& name);
  void numpy_arguments(const Node& call);
  bool is_listed_value(const Node& node) const;
  void mutation(const Node& call);
  void name_or_chain(const Node& node, bool called);
  void path(const Node& node, const std::string& path, bool called);
  void attribute(const Node& node, bool called);
  // `name` read from or called on a value; `of_self`: on the first parameter of a method.
  void attribute_name(const Node& at, const std::string& name, bool of_self, bool called);
  void store_name(const Node& at, const Node& base, const std::string& name);

  bool is_self(const Node& node) const;
  bool is_number(const Node& node, int depth = 0) const;
  bool derives_from_module(const Node& klass, int depth = 0) const;
  Mode mode_of(const Node& function) const;
  void collect_own_names(const Node& node, const std::string& first_parameter = {});

  JudgedFile& file_;
  const GrammarLists& lists_;
  Scopes scopes_;
  Mode mode_ = Mode::code;
  std::vector<std::set<std::string>> initialisers_;  // per class around
  NameSet fields_;     // attributes that its classes have: set on the first parameter of a method, declared, or passed by keyword
  NameSet own_names_;  // what this file calls its methods, attributes, keys and fields
  std::vector<Node> functions_;      // the defs around the current place
  std::vector<std::string> selves_;  // the names of their first parameters, "" outside methods
};

}  // namespace decomp
