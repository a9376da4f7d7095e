// The expressions of a refactored class.

#include "checks/grammar_refactored.h"

#include <algorithm>

#include "core/rules.h"

namespace decomp {

bool RefactoredJudge::is_self(const Node& node) const {
  return node.is("Name") && !self_.empty() && node.text("id") == self_;
}

Held RefactoredJudge::eval_value(const Node& node) {
  const Held held = eval(node);
  if (held.is_module() && held.mixed) return Held::plain();  // a name for both; the run shows which it was
  if (held.holds_class() || held.holds_module()) {
    report("grammar-value", node, "`" + written(node) + "` is a child, used as a value", "call it, and use what it returns");
    return Held::plain();
  }
  return held;
}

// A list of children may be added to another; a child itself is no number.
Held RefactoredJudge::eval_operand(const Node& node) {
  const Held held = eval(node);
  if (held.tag == Held::child && !held.mixed)
    report("grammar-value", node, "`" + written(node) + "` is a child, used as a value", "call it, and use what it returns");
  return held;
}

Held RefactoredJudge::eval(const Node& node) {
  const std::string_view kind = node.kind();
  if (kind.empty() || kind == "Constant") return Held::plain();
  if (kind == "Name") return eval_name(node);
  if (kind == "Attribute") return eval_attribute(node);
  if (kind == "Call") return eval_call(node);
  if (kind == "Subscript") return eval_subscript(node);
  if (kind == "BinOp") {
    if (node.text("op") == "MatMult")
      report("grammar-compute-op", node, "`@` is a matrix product; a refactored file only calls children and moves data",
             "put the product into a child of its own: `self.matmul(a, b)`");
    const Held left = eval_operand(node.child("left"));
    const Held right = eval_operand(node.child("right"));
    if (left.tag == Held::sequence && (right.tag == Held::sequence || right.tag == Held::tuple))
      return Held::sequence_of(join_all(left.item(), right.item()));
    return left.tag == Held::sequence ? left : Held::plain();
  }
  if (kind == "UnaryOp") return eval(node.child("operand")), Held::plain();
  if (kind == "BoolOp") {
    Held joined;
    for (const Node& part : node.list("values")) joined = join_any(joined, eval(part));
    return joined;
  }
  if (kind == "Compare") {
    eval(node.child("left"));
    for (const Node& part : node.list("comparators")) {
      const Resolved name = scopes_.resolve(part);
      if (!(name.kind == Resolved::path && lists_.type_paths.has(name.target))) eval(part);
    }
    return Held::plain();
  }
  if (kind == "IfExp") {
    eval(node.child("test"));
    const Held yes = eval(node.child("body"));
    return join_any(yes, eval(node.child("orelse")));
  }
  if (kind == "NamedExpr") {
    const Held held = eval(node.child("value"));
    assign(node.child("target"), held, node.child("value"));
    return held;
  }
  if (kind == "Tuple") {
    const auto parts = node.list("elts");
    if (std::any_of(parts.begin(), parts.end(), [](const Node& p) { return p.is("Starred"); })) return Held::sequence_of(eval_items(parts, node));
    std::vector<Held> items;
    for (const Node& part : parts) items.push_back(eval(part));
    return Held::tuple_of(std::move(items));
  }
  if (kind == "List" || kind == "Set") return Held::sequence_of(eval_items(node.list("elts"), node));
  if (kind == "Dict") {
    for (const Node& key : node.list("keys"))
      if (key) eval_value(key);
    return Held::sequence_of(eval_items(node.list("values"), node));
  }
  if (is_comprehension(node)) return eval_comprehension(node);
  if (kind == "Slice") {
    for (const char* part : {"lower", "upper", "step"}) eval_value(node.child(part));
    return Held::plain();
  }
  if (kind == "Starred") return eval(node.child("value")).item();
  if (kind == "JoinedStr" || kind == "FormattedValue") {
    for (const Node& part : node.children()) eval(part);
    return Held::plain();
  }
  if (kind == "Lambda")
    report("grammar-lambda", node, "a lambda hides what is called", "write a method, or the expression in place");
  else
    report("grammar-statement", node, "a method of a refactored class holds child calls, plumbing and plain control flow; this is none",
           "write it with if, for and assignments, or move it into a child");
  return Held::plain();
}

Held RefactoredJudge::eval_items(const std::vector<Node>& parts, const Node& at) {
  Held joined;
  bool classes = false;
  bool others = false;
  for (const Node& part : parts) {
    const Held held = part ? eval(part) : Held::plain();
    (held.holds_class() ? classes : others) = true;
    joined = join_all(joined, held);
  }
  if (classes && others) report("grammar-value", at, "classes of children mixed with other things", "keep the classes in a list of their own");
  return joined;
}

Held RefactoredJudge::eval_name(const Node& node) {
  const std::string id = node.text("id");
  const Resolved name = scopes_.resolve(node);
  switch (name.kind) {
    case Resolved::value: {
      if (is_self(node)) {
        report("grammar-value", node, "`" + id + "` itself is used as a value", "hand on the attributes that are needed");
        return Held::plain();
      }
      for (auto inner = inner_.rbegin(); inner != inner_.rend(); ++inner)
        if (const auto found = inner->find(id); found != inner->end()) return found->second;
      if (unit_)
        if (const auto found = unit_->held.find(id); found != unit_->held.end()) return found->second;
      return Held::plain();
    }
    case Resolved::path:
      if (lists_.value_paths.has(name.target)) return Held::plain();
      refuse_path(node, name.target);
      return Held::plain();
    case Resolved::child_class:
      if (place_ == Place::build) return {Held::child_class, {}, false};
      report("grammar-child-construction", node, "the child class `" + id + "` is used outside `__init__`",
             "build the child in `__init__` and keep it in an attribute of self");
      return Held::plain();
    case Resolved::prologue:
      report("grammar-path-prologue", node, "`" + id + "` comes from the path prologue, which is left out of judged runs",
             "use it in the `__main__` block only");
      return Held::plain();
    case Resolved::klass:
      if (siblings_.count(name.target) != 0 && place_ == Place::build) return {Held::child_class, {}, false};
      [[fallthrough]];
    default:
      report("grammar-value", node, "`" + id + "` is a function, class or module, used as a value", "call it in place");
      return Held::plain();
  }
}

bool RefactoredJudge::has_attribute(const std::string& name) const {
  if (attributes_.count(name)) return true;
  return std::any_of(numbered_.begin(), numbered_.end(), [&](const auto& entry) { return name.rfind(entry.first, 0) == 0; });
}

Held RefactoredJudge::held_attribute(const std::string& name) const {
  Held held;
  if (const auto found = attributes_.find(name); found != attributes_.end()) held = found->second;
  for (const auto& [prefix, numbered] : numbered_)
    if (name.rfind(prefix, 0) == 0) held = join_any(held, numbered);
  return held.tag == Held::nothing ? Held::plain() : held;
}

Held RefactoredJudge::eval_attribute(const Node& node) {
  const std::string name = node.text("attr");
  const Node base = node.child("value");
  const Resolved resolved = scopes_.resolve(node);
  switch (resolved.kind) {
    case Resolved::path: {
      const std::size_t listed = GrammarLists::longest_prefix(resolved.target, lists_.value_paths);
      if (listed == resolved.target.size()) return Held::plain();
      if (listed > 0 && lists_.value_attributes.has(name)) return Held::plain();  // torch.float32.itemsize
      refuse_path(node, resolved.target);
      return Held::plain();
    }
    case Resolved::child_class:
      if (resolved.exact && place_ == Place::build) return {Held::child_class, {}, false};
      if (resolved.exact)
        report("grammar-child-construction", node, "the child class `" + written(node) + "` is used outside `__init__`",
               "build the child in `__init__` and keep it in an attribute of self");
      else
        report("grammar-child-internals", node, "`" + written(node) + "` reaches into a child's class",
               "build the child and call it");
      return Held::plain();
    case Resolved::child_module:
      report("grammar-child-import", node, "`" + written(node) + "` takes something else than its class `Model` from a child",
             "use the child's class `Model` only");
      return Held::plain();
    case Resolved::klass:
      if (written(base) == class_name_ && constants_.count(name)) return Held::plain();
      [[fallthrough]];
    case Resolved::function:
    case Resolved::prologue:
      report("grammar-value", node, "`" + written(node) + "` reads an attribute of a function, class or path", "use a value instead");
      return Held::plain();
    default: break;
  }
  if (is_self(base)) return self_attribute(node, name);
  // self.__class__.__name__ and the like are text for messages.
  if (name == "__name__" && base.is("Attribute") && base.text("attr") == "__class__") return eval(base.child("value")), Held::plain();
  if (name == "__name__" && base.is("Attribute") && is_self(base.child("value"))) return Held::plain();
  return value_attribute(node, eval(base), name);
}

Held RefactoredJudge::self_attribute(const Node& node, const std::string& name) {
  if (const auto method = methods_.find(name); method != methods_.end()) {
    if (method->second.is_property) return method->second.returned.tag == Held::nothing ? Held::plain() : method->second.returned;
    report("grammar-value", node, "the method `self." + name + "` is used as a value", "call it in place");
    return Held::plain();
  }
  if (has_attribute(name)) return held_attribute(name);
  if (constants_.count(name) || lists_.module_attributes.has(name)) return Held::plain();
  if (name.substr(0, 2) == "__") {
    report("grammar-dunder", node, "`self." + name + "` reaches into Python's own machinery", "use the public syntax for it");
  } else if (const BannedGroup* group = lists_.banned_attribute(name)) {
    report(group->rule, node, "`self." + name + "` is refused: " + group->why, group->help);
  } else if (lists_.module_names.has(name)) {
    report("grammar-attribute", node, "`self." + name + "` of torch.nn.Module is not for refactored classes",
           "use the children and numbers that `__init__` keeps");
  } else {
    std::vector<std::string> known;
    for (const auto& [attribute, unused] : attributes_) known.push_back(attribute);
    const auto close = nearest(name, known);
    report("grammar-attribute", node, "`self." + name + "` is set nowhere in `" + class_name_ + "`",
           close.empty() ? "set it in `__init__`" : "did you mean `self." + close[0] + "`?");
  }
  return Held::plain();
}

Held RefactoredJudge::value_attribute(const Node& node, const Held& base, const std::string& name) {
  const std::string shown = "`" + written(node) + "`";
  if (base.tag == Held::container && !lists_.module_names.has(name)) return base.item();  // a ModuleDict's key
  if (base.tag == Held::limits && lists_.limit_attributes.has(name)) return Held::plain();
  if (lists_.value_attributes.has(name) && (!base.is_module() || base.mixed)) return Held::plain();
  if (base.is_module() || base.tag == Held::child_class) {
    report("grammar-child-internals", node, shown + " reaches into a child; only what its call returns may be used",
           "call the child; keep numbers that you need in attributes of self" +
               std::string(base.mixed ? ", and give children and values different names" : ""));
    return Held::plain();
  }
  if (name.substr(0, 2) == "__") {
    report("grammar-dunder", node, shown + " reaches into Python's own machinery", "use the public syntax for it");
  } else if (const BannedGroup* group = lists_.banned_attribute(name); group && !file_.licensed.count(name)) {
    report(group->rule, node, shown + " is refused: " + group->why, group->help);
  } else if (lists_.is_known(name) || lists_.plumbing_methods.has(name) || lists_.python_methods.has(name) || name[0] == '_') {
    report("grammar-attribute", node, shown + ": `" + name + "` is no attribute that a refactored class may read",
           "call a plumbing method in place, or move this into a child");
  }
  return Held::plain();  // a field of a child's output
}

Held RefactoredJudge::eval_comprehension(const Node& node) {
  const auto generators = node.list("generators");
  const Held first = generators.empty() ? Held::plain() : eval(generators[0].child("iter"));
  Bindings names = comprehension_bindings(node);
  std::map<std::string, Held> inner;
  for (const auto& [name, binding] : names) inner.emplace(name, Held{});
  scopes_.push(Scopes::comprehension, std::move(names));
  inner_.push_back(std::move(inner));
  for (std::size_t i = 0; i < generators.size(); ++i) {
    const Held held = i == 0 ? first : eval(generators[i].child("iter"));
    assign(generators[i].child("target"), held.item(), Node());
    for (const Node& test : generators[i].list("ifs")) eval(test);
  }
  Held made;
  if (node.is("DictComp")) {
    eval_value(node.child("key"));
    made = eval(node.child("value"));
  } else {
    made = eval(node.child("elt"));
  }
  inner_.pop_back();
  scopes_.pop();
  return Held::sequence_of(std::move(made));
}

Held RefactoredJudge::eval_subscript(const Node& node) {
  const Held base = eval(node.child("value"));
  const Node index = node.child("slice");
  eval_value(index);
  if (base.tag == Held::child && !base.mixed) {
    report("grammar-child-internals", node, "`" + written(node) + "` takes a part of a child", "call the child");
    return Held::plain();
  }
  if (index.is("Slice")) return base;
  if (base.tag == Held::tuple && index.is("Constant")) {
    const Json* value = index.raw("value");
    if (value && value->value("kind", "") == "int") {
      const std::string text = (*value)["value"].get<std::string>();
      if (text.size() < 5 && std::stoul(text) < base.items.size()) return base.items[std::stoul(text)];
    }
  }
  return base.item();
}

// The second argument of isinstance.
void RefactoredJudge::eval_type(const Node& node) {
  if (node.is("Tuple")) {
    for (const Node& part : node.list("elts")) eval_type(part);
    return;
  }
  if (node.is("BinOp") && node.text("op") == "BitOr") {
    eval_type(node.child("left"));
    eval_type(node.child("right"));
    return;
  }
  const Resolved name = scopes_.resolve(node);
  if (name.kind == Resolved::path && lists_.type_paths.has(name.target)) return;
  if (name.kind == Resolved::child_class && name.exact) return;
  if (name.kind == Resolved::klass && name.exact && output_types_.count(name.target)) return;
  std::string text;
  report("grammar-value", node, "`" + written(node) + "` is no type that `isinstance` may ask for here",
         "ask for torch.Tensor, a Python container or number type, or an output type of this file");
}

}  // namespace decomp
