// The statements of a refactored class's methods.

#include "checks/grammar_refactored.h"

#include <algorithm>

namespace decomp {

void RefactoredJudge::statements(const std::vector<Node>& body) {
  for (const Node& node : body) statement(node);
}

void RefactoredJudge::statement(const Node& node) {
  const std::string_view kind = node.kind();
  if (kind == "Expr") {
    if (!node.child("value").is("Constant")) eval(node.child("value"));
  } else if (kind == "Assign") {
    const Node value = node.child("value");
    const auto targets = node.list("targets");
    if (targets.size() == 1 && is_tie(targets[0], value)) return;
    // State that is carried from call to call, as the original carries it, begins as a tensor.
    making_state_ = place_ == Place::build && targets.size() == 1 && targets[0].is("Attribute") &&
                    is_self(targets[0].child("value")) && states_.count(targets[0].text("attr"));
    const Held held = eval(value);
    making_state_ = false;
    for (const Node& target : targets) assign(target, held, value);
  } else if (kind == "AnnAssign") {
    // A local variable's annotation is not evaluated, an attribute's is.
    file_.judge_annotation(node.child("annotation"));
    if (const Node value = node.child("value")) assign(node.child("target"), eval(value), value);
  } else if (kind == "AugAssign") {
    if (node.text("op") == "MatMult")
      report("grammar-compute-op", node, "`@=` is a matrix product; a refactored file only calls children and moves data",
             "put the product into a child of its own and call it");
    assign(node.child("target"), eval(node.child("value")), node.child("value"));
  } else if (kind == "Return") {
    if (!node.child("value")) return;
    const Held held = eval(node.child("value"));
    if (unit_) unit_->returned = join_any(unit_->returned, held);
  } else if (kind == "If" || kind == "While") {
    eval(node.child("test"));
    statements(node.list("body"));
    statements(node.list("orelse"));
  } else if (kind == "For") {
    const Held held = eval(node.child("iter"));
    // Iterating a ModuleDict gives names; whether a container is one cannot be seen, so both are allowed for.
    assign(node.child("target"), held.item(), Node());
    statements(node.list("body"));
    statements(node.list("orelse"));
  } else if (kind == "Assert") {
    eval(node.child("test"));
    if (node.child("msg")) eval_value(node.child("msg"));
  } else if (kind == "Raise") {
    for (const char* part : {"exc", "cause"}) {
      const Node raised = node.child(part);
      const Resolved name = raised ? scopes_.resolve(raised) : Resolved{};
      if (raised && !(name.kind == Resolved::path && lists_.exceptions.has(name.target))) eval_value(raised);
    }
  } else if (kind == "With") {
    with(node);
  } else if (kind == "Delete") {
    for (const Node& target : node.list("targets"))
      if (target.is("Attribute"))
        report("grammar-assignment", target, "deletes `" + written(target) + "`", "leave the attribute as it is");
      else if (target.is("Subscript"))
        assign_item(target, Held::plain());
  } else if (kind == "Match") {
    eval_value(node.child("subject"));
    for (const Node& branch : node.list("cases")) {
      pattern(branch.child("pattern"));
      if (branch.child("guard")) eval(branch.child("guard"));
      statements(branch.list("body"));
    }
  } else if (kind != "Pass" && kind != "Break" && kind != "Continue") {
    refuse_statement(node);
  }
}

void RefactoredJudge::refuse_statement(const Node& node) {
  if (node.is("FunctionDef") || node.is("ClassDef"))
    report("grammar-nested-definition", node, "`" + node.text("name") + "` is defined inside a method",
           "make it a method of the class, or a function of the module");
  else if (is_import(node))
    report("grammar-import", node, "an import inside a method", "import at the top of the file");
  else if (node.is("Global") || node.is("Nonlocal"))
    report("grammar-global", node, "a method that rebinds names outside itself carries state from call to call",
           "keep the value in an attribute of self, as the original does");
  else if (node.is("Try"))
    report("grammar-statement", node, "`try` would hide what a child reports", "call the children directly");
  else
    report("grammar-statement", node, "a method of a refactored class holds child calls, plumbing and plain control flow; this is none",
           "write it with if, for, while and assignments, or move it into a child");
}

void RefactoredJudge::with(const Node& node) {
  for (const Node& item : node.list("items")) {
    const Node manager = item.child("context_expr");
    const Resolved name = manager.is("Call") ? scopes_.resolve(manager.child("func")) : Resolved{};
    const bool plain = name.kind == Resolved::path && lists_.context_paths.has(name.target) && manager.list("args").empty() &&
                       manager.list("keywords").empty();
    if (!plain || item.child("optional_vars"))
      report("grammar-statement", manager, "`with " + written(manager) + "` runs code that is not judged here",
             "only `with torch.no_grad():` is allowed; move the rest into a child");
  }
  statements(node.list("body"));
}

void RefactoredJudge::pattern(const Node& node) {
  if (node.is("MatchClass") || node.is("MatchMapping")) {
    report("grammar-statement", node, "a pattern that reads attributes or keys of an object", "write an `if` with `isinstance`");
  } else if (node.is("MatchValue")) {
    eval_value(node.child("value"));
  } else if (node.is("MatchAs") || node.is("MatchStar")) {
    if (const std::string name = node.text("name"); !name.empty()) hold(name, Held::plain());
    if (node.child("pattern")) pattern(node.child("pattern"));
  } else {
    for (const Node& part : node.list("patterns")) pattern(part);
  }
}

void RefactoredJudge::hold(const std::string& name, const Held& held) {
  for (auto inner = inner_.rbegin(); inner != inner_.rend(); ++inner)
    if (const auto found = inner->find(name); found != inner->end()) {
      found->second = join_any(found->second, held);
      return;
    }
  if (!unit_) return;
  Held& known = unit_->held[name];
  known = join_any(known, held);
}

void RefactoredJudge::write_state(const std::string& name, const Node& at) {
  if (place_ == Place::run && reporting_) file_.result.state_writes.emplace(name, file_.facts.at(at));
}

void RefactoredJudge::assign(const Node& target, const Held& held, const Node& source) {
  if (target.is("Name")) {
    hold(target.text("id"), held);
  } else if (target.is("Tuple") || target.is("List")) {
    const auto parts = target.list("elts");
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool placed = held.tag == Held::tuple && held.items.size() == parts.size();
      if (parts[i].is("Starred"))
        assign(parts[i].child("value"), Held::sequence_of(held.item()), Node());
      else
        assign(parts[i], placed ? held.items[i] : held.item(), Node());
    }
  } else if (target.is("Attribute")) {
    assign_attribute(target, held, source);
  } else if (target.is("Subscript")) {
    assign_item(target, held);
  }
}

// self.head.weight = self.embedding.weight, in __init__: how tied weights are written.
bool RefactoredJudge::is_tie(const Node& target, const Node& source) const {
  const auto is_parameter = [&](Node node) {
    const std::string last = node.text("attr");
    if (!node.is("Attribute") || (last != "weight" && last != "bias")) return false;
    int depth = 0;
    for (node = node.child("value"); node.is("Attribute") || node.is("Subscript"); node = node.child("value")) ++depth;
    return depth > 0 && is_self(node);
  };
  return place_ == Place::build && is_parameter(target) && is_parameter(source);
}

void RefactoredJudge::assign_attribute(const Node& target, const Held& held, const Node& source) {
  const std::string name = target.text("attr");
  if (!is_self(target.child("value"))) {
    report("grammar-assignment", target, "assigns `" + written(target) + "`, an attribute of another object",
           "change only attributes of self; a child changes its own");
    return;
  }
  const std::string shown = "`self." + name + "`";
  if (name.substr(0, 2) == "__") {
    report("grammar-dunder", target, "assigns " + shown + ", which is Python's own machinery", "use an ordinary attribute");
    return;
  }
  if ((lists_.module_names.has(name) && !lists_.storable.has(name)) || name == "forward" || name == "training" || methods_.count(name)) {
    report("grammar-override", target, "assigns " + shown + ", which replaces something of torch.nn.Module or of this class",
           "use another name");
    return;
  }
  if (held.holds_class()) {
    report("grammar-value", source ? source : target, "the class of a child is kept in " + shown, "build the child: call the class");
    return;
  }
  Held& known = attributes_[name];
  if (place_ == Place::run) {
    write_state(name, target);
    if (known.holds_module() || held.holds_module())
      report("grammar-assignment", target, "a child is put into " + shown + " while the model runs",
             "build all children in `__init__` and choose among them with `if` or an index");
    else
      known = join_any(known, Held::plain());
    return;
  }
  if (!held.is_module() && held.holds_module())
    report("grammar-container", source ? source : target, shown + " is a plain list of children: their weights would not be found",
           "wrap it: `nn.ModuleList([...])` or `nn.ModuleDict({...})`");
  known = join_any(known, held);
}

void RefactoredJudge::assign_item(const Node& target, const Held& held) {
  const Node list = target.child("value");
  const Node root = root_name(list);
  eval(target.child("slice"));
  if (root && scopes_.is_global(root.text("id"))) {
    report("grammar-global", target, "an item of `" + root.text("id") + "` is changed, which all calls share",
           "make the list or dict in the method");
    return;
  }
  const Held base = eval(list);
  if (is_self(root) && list.is("Attribute") && place_ == Place::run) write_state(list.text("attr"), target);
  if (place_ == Place::run && !base.is_module() && held.holds_module() && !list.is("Name"))
    report("grammar-assignment", target, "a child is put into `" + written(list) + "` while the model runs",
           "build all children in `__init__` and choose among them with `if` or an index");
  if (base.is_module()) {
    const bool building = place_ == Place::build && base.tag == Held::container;
    if (!building)
      report("grammar-assignment", target, "`" + written(list) + "` is changed while the model runs", "build all children in `__init__`");
    else if (!held.is_module())
      report("grammar-container", target, "`" + written(list) + "` is given something that is not seen to be a child",
             "put instances of imported children into it");
  }
  grow(list, held);
}

// `list` (a local name or an attribute of self) now also holds `more`.
void RefactoredJudge::grow(const Node& list, const Held& more) {
  Held* known = nullptr;
  if (list.is("Name") && unit_) known = &unit_->held[list.text("id")];
  if (list.is("Attribute") && is_self(list.child("value"))) known = &attributes_[list.text("attr")];
  if (!known || (known->tag != Held::sequence && known->tag != Held::container)) return;
  if (known->items.empty()) known->items.emplace_back();
  known->items[0] = known->tag == Held::container ? join_any(known->items[0], more) : join_all(known->items[0], more);
}

}  // namespace decomp
