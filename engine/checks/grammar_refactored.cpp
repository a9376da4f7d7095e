#include "checks/grammar_refactored.h"

#include <algorithm>

namespace decomp {
namespace {

// Names of `self.<name>` in a method, whatever its first parameter is called.
void names_of_self(const Node& node, const std::string& self, std::set<std::string>& names) {
  if (node.is("Attribute") && node.child("value").is("Name") && node.child("value").text("id") == self) names.insert(node.text("attr"));
  for (const Node& part : node.children()) names_of_self(part, self, names);
}

bool is_decorated(const Node& definition, std::string_view name) {
  const auto decorators = definition.list("decorator_list");
  return std::any_of(decorators.begin(), decorators.end(), [&](const Node& d) { return d.is("Name") && d.text("id") == name; });
}

std::string first_parameter(const Node& definition) {
  const auto names = parameters(definition);
  return names.empty() ? "" : names[0].text("arg");
}

}  // namespace

RefactoredJudge::RefactoredJudge(JudgedFile& file, std::map<std::string, Node> functions, std::set<std::string> output_types,
                                 std::set<std::string> siblings, bool composition)
    : file_(file),
      lists_(file.lists),
      scopes_(file.names),
      output_types_(std::move(output_types)),
      siblings_(std::move(siblings)),
      composition_(composition) {
  for (auto& [name, definition] : functions) {
    Unit unit;
    unit.definition = definition;
    unit.runs = true;
    functions_.emplace(name, std::move(unit));
  }
}

void RefactoredJudge::report(const std::string& rule, const Node& at, std::string message, std::string help) {
  if (reporting_) file_.report(rule, at, std::move(message), std::move(help));
}

void RefactoredJudge::judge_constant(const Node& expression) {
  place_ = Place::constant;
  eval_value(expression);
}

void RefactoredJudge::collect_units(const Node& klass) {
  for (const Node& member : klass.list("body")) {
    if (member.is("FunctionDef")) {
      Unit unit;
      unit.definition = member;
      unit.is_method = true;
      unit.is_static = is_decorated(member, "staticmethod");
      unit.is_property = is_decorated(member, "property");
      methods_.emplace(member.text("name"), std::move(unit));
    } else if (member.is("Assign") || member.is("AnnAssign")) {
      auto targets = member.list("targets");
      if (targets.empty()) targets.push_back(member.child("target"));
      for (const Node& target : targets)
        if (target.is("Name")) constants_.insert(target.text("id"));
    }
  }
  mark_reached("__init__", &Unit::builds);
  mark_reached("forward", &Unit::runs);
  for (auto& [name, unit] : methods_)
    if (!unit.builds) mark_reached(name, &Unit::runs);
  for (auto& [name, unit] : methods_)
    if (unit.runs && !unit.is_static) collect_states(unit.definition, first_parameter(unit.definition));
}

void RefactoredJudge::collect_states(const Node& node, const std::string& self) {
  if (node.is("Attribute") && node.text("ctx") == "Store" && node.child("value").is("Name") && node.child("value").text("id") == self)
    states_.insert(node.text("attr"));
  for (const Node& part : node.children()) collect_states(part, self);
}

void RefactoredJudge::mark_reached(const std::string& name, bool Unit::*flag) {
  const auto found = methods_.find(name);
  if (found == methods_.end() || found->second.*flag) return;
  found->second.*flag = true;
  std::set<std::string> used;
  names_of_self(found->second.definition, first_parameter(found->second.definition), used);
  for (const std::string& next : used) mark_reached(next, flag);
}

void RefactoredJudge::judge_header(const Node& klass) {
  for (const Node& decorator : klass.list("decorator_list"))
    report("grammar-decorator", decorator, "the class `" + class_name_ + "` is decorated", "delete the decorator");
  for (const Node& keyword : klass.list("keywords"))
    report("grammar-metaclass", keyword, "the class keyword `" + keyword.text("arg") + "` changes how the class is made",
           "write `class " + class_name_ + "(nn.Module):`");
  const auto bases = klass.list("bases");
  const Resolved base = bases.size() == 1 ? scopes_.resolve(bases[0]) : Resolved{};
  if (base.kind != Resolved::path || base.target != "torch.nn.Module")
    report("grammar-class", bases.empty() ? klass : bases[0],
           "`" + class_name_ + "` must derive from torch.nn.Module and from nothing else",
           "write `class " + class_name_ + "(nn.Module):`");
}

void RefactoredJudge::judge_class_body(const Node& klass) {
  for (const Node& member : klass.list("body")) {
    std::string text;
    if (member.is("FunctionDef")) {
      const std::string name = member.text("name");
      if (name.substr(0, 2) == "__" && name != "__init__")
        report("grammar-special-method", member, "`" + class_name_ + "` defines `" + name + "`, which changes what plain syntax does",
               "write an ordinary method and call it by name");
      else if (lists_.module_names.has(name) && name != "forward" && name != "extra_repr")
        report("grammar-override", member, "`" + class_name_ + "` redefines `" + name + "` of torch.nn.Module", "use another name");
      if (methods_.at(name).definition.json() != member.json())
        report("grammar-redefinition", member, "`" + name + "` is defined twice", "delete one of the two");
    } else if (member.is("Assign") || member.is("AnnAssign")) {
      file_.judge_annotation(member.child("annotation"));
      place_ = Place::constant;
      if (const Node value = member.child("value")) eval_value(value);
      auto targets = member.list("targets");
      if (targets.empty()) targets.push_back(member.child("target"));
      for (const Node& target : targets) {
        const std::string name = target.text("id");
        if (!target.is("Name"))
          report("grammar-assignment", target, "a class attribute is set to parts of a value", "assign one name at a time");
        else if (name.substr(0, 2) == "__" || lists_.module_names.has(name) || methods_.count(name))
          report("grammar-override", target, "the class attribute `" + name + "` replaces something of torch.nn.Module or of this class",
                 "use another name");
      }
    } else if (!member.is("Pass") && !(member.is("Expr") && string_constant(member.child("value"), text))) {
      report("grammar-statement", member, "a class body holds methods and constants only", "move it into `__init__` or `forward`");
    }
  }
}

void RefactoredJudge::judge_signature(Unit& unit) {
  for (const Node& decorator : unit.definition.list("decorator_list")) {
    const Node named = decorator.is("Call") ? decorator.child("func") : decorator;
    const Resolved name = scopes_.resolve(named);
    const bool arguments = !decorator.list("args").empty() || !decorator.list("keywords").empty();
    if (name.kind != Resolved::path || !lists_.decorators.has(name.target) || arguments)
      report("grammar-decorator", decorator, "`@" + written(named) + "` wraps the function in code that is not judged here",
             "delete the decorator; @property, @staticmethod and @torch.no_grad() are allowed");
  }
  file_.judge_annotations_of(unit.definition);
  place_ = Place::constant;
  const Node arguments = unit.definition.child("args");
  for (const char* field : {"defaults", "kw_defaults"})
    for (const Node& value : arguments.list(field))
      if (value) eval_value(value);
}

void RefactoredJudge::judge_unit(Unit& unit, Place place) {
  std::vector<NameConflict> conflicts;
  scopes_.push(Scopes::function, local_bindings(unit.definition, file_.children, conflicts));
  unit_ = &unit;
  place_ = place;
  const auto names = parameters(unit.definition);
  self_ = unit.is_method && !unit.is_static && !names.empty() ? names[0].text("arg") : "";
  const std::size_t skipped = self_.empty() ? 0 : 1;
  for (std::size_t i = skipped; i < names.size(); ++i) {
    const Held given = i - skipped < unit.arguments.size() ? unit.arguments[i - skipped] : Held{};
    hold(names[i].text("arg"), given.tag == Held::nothing ? Held::plain() : given);
  }
  statements(unit.definition.list("body"));
  self_.clear();
  unit_ = nullptr;
  scopes_.pop();
}

namespace {

// Attributes that statements of the class assign, and those that get something else than None.
void assigned_attributes(const Node& node, std::set<std::string>& all, std::set<std::string>& filled) {
  const bool none = (node.is("Assign") || node.is("AnnAssign")) && node.child("value").is("Constant") && node.child("value").raw("value") != nullptr &&
                    node.child("value").raw("value")->value("kind", "") == "None";
  for (const Node& part : node.children()) {
    if (part.is("Attribute") && !part.text("ctx").empty()) {
      all.insert(part.text("attr"));
      if (!none) filled.insert(part.text("attr"));
    }
    assigned_attributes(part, all, filled);
  }
}

}  // namespace

void RefactoredJudge::judge_class(const Node& klass) {
  class_name_ = klass.text("name");
  std::set<std::string> filled;
  assigned_attributes(klass, only_none_, filled);
  for (const std::string& name : filled) only_none_.erase(name);
  collect_units(klass);
  judge_header(klass);
  judge_class_body(klass);
  if (!methods_.count("forward"))
    report("grammar-no-forward", klass, "`" + class_name_ + "` has no method `forward`", "define `def forward(self, ...)`");
  for (auto* units : {&methods_, &functions_})
    for (auto& [name, unit] : *units) judge_signature(unit);

  // What names hold is gathered in silent rounds, until calls and attributes have passed it on; the last round reports.
  constexpr int rounds = 4;
  for (int round = 1; round <= rounds; ++round) {
    reporting_ = round == rounds;
    for (auto* units : {&methods_, &functions_})
      for (auto& [name, unit] : *units) {
        // A helper of a composition test may build kernels, if only what builds calls it.
        if (composition_ && units == &functions_ && !unit.called_elsewhere) {
          may_build_ = !unit.called_in_build;
          judge_unit(unit, unit.called_in_build ? Place::build : Place::run);
          may_build_ = false;
          continue;
        }
        if (unit.builds) judge_unit(unit, Place::build);
        if (unit.runs) judge_unit(unit, Place::run);
      }
  }
}

}  // namespace decomp
