// The calls of a refactored class: children, plumbing, numbers. Everything else is refused by name.

#include "checks/grammar_refactored.h"

#include <algorithm>

#include "core/rules.h"

namespace decomp {
namespace {

const char* const move_to_child = "move it into a child file and call that child";
const std::string masked_fill_first = "write `masked_fill` where one side is a number, or ";

bool has_prefix(const std::string& text, std::string_view prefix) { return text.rfind(prefix, 0) == 0; }

std::string last_part(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::string plain(const std::string& path) { return has_prefix(path, "builtins.") ? path.substr(9) : path; }

}  // namespace

std::vector<Held> RefactoredJudge::eval_arguments(const Node& call) {
  std::vector<Held> held;
  for (const Node& argument : call.list("args")) held.push_back(eval_value(argument));
  for (const Node& keyword : call.list("keywords")) held.push_back(eval_value(keyword.child("value")));
  return held;
}

Held RefactoredJudge::eval_call(const Node& call) {
  const Node function = call.child("func");
  const bool named = function.is("Name") || function.is("Attribute");
  const Resolved name = named ? scopes_.resolve(function) : Resolved{};
  const std::string shown = "`" + written(function) + "`";
  switch (name.kind) {
    case Resolved::path: return call_path(call, name.target);
    case Resolved::child_class:
      if (name.exact) return call_held(call, {Held::child_class, {}, false});
      report("grammar-child-internals", function, shown + " reaches into a child's class", "build the child and call it");
      eval_arguments(call);
      return Held::plain();
    case Resolved::child_module:
      // A kernel's own constructor values: Linear.Model(*Linear.get_init_inputs()).
      if (place_ == Place::build && function.is("Attribute") && function.text("attr") == "get_init_inputs" &&
          function.child("value").is("Name") && call.list("args").empty())
        return Held::plain();
      report("grammar-child-import", function, shown + " takes something else than its class `Model` from a child",
             "use the child's class `Model` only");
      eval_arguments(call);
      return Held::plain();
    case Resolved::function:
      if (const auto found = functions_.find(name.target); found != functions_.end() && name.exact) return call_unit(call, found->second);
      report("grammar-callee", function, shown + " is a template function", "keep what the class needs in the class");
      eval_arguments(call);
      return Held::plain();
    case Resolved::klass:
      if (name.exact && siblings_.count(name.target) != 0) return call_held(call, {Held::child_class, {}, false});
      if (name.exact && output_types_.count(name.target)) {
        eval_arguments(call);
        return Held::plain();
      }
      if (function.is("Attribute") && name.target == class_name_)
        if (const auto method = methods_.find(function.text("attr")); method != methods_.end() && method->second.is_static)
          return call_unit(call, method->second);
      report("grammar-callee", function, shown + " is neither a child nor an output type", "call children, through attributes of self");
      eval_arguments(call);
      return Held::plain();
    case Resolved::prologue:
      eval(function);
      return Held::plain();
    default: break;
  }
  if (!function.is("Attribute")) return call_held(call, eval(function));

  const Node base = function.child("value");
  const std::string method = function.text("attr");
  if (base.is("Call") && base.child("func").is("Name") && base.child("func").text("id") == "super") {
    if (method != "__init__" || place_ != Place::build)
      report("grammar-dunder", function, shown + " runs code of torch.nn.Module", "only `super().__init__()` in `__init__` is allowed");
    for (const Node& argument : call.list("args")) eval_value(argument);
    return Held::plain();
  }
  if (is_self(base)) return call_self(call, method);
  return call_method(call, eval(base), method);
}

Held RefactoredJudge::call_unit(const Node& call, Unit& unit) {
  (place_ == Place::build ? unit.called_in_build : unit.called_elsewhere) = true;
  const auto names = parameters(unit.definition);
  const std::size_t skipped = unit.is_method && !unit.is_static ? 1 : 0;
  unit.arguments.resize(std::max(unit.arguments.size(), names.size()));
  const auto pass = [&](std::size_t place, const Held& held) {
    if (place < unit.arguments.size()) unit.arguments[place] = join_any(unit.arguments[place], held);
  };
  std::size_t place = 0;
  for (const Node& argument : call.list("args")) {
    const Held held = eval(argument);
    if (argument.is("Starred"))
      for (std::size_t i = place; i < unit.arguments.size(); ++i) pass(i, held);
    else
      pass(std::min(place, names.empty() ? 0 : names.size() - 1), held);
    ++place;
  }
  for (const Node& keyword : call.list("keywords")) {
    const Held held = eval(keyword.child("value"));
    for (std::size_t i = skipped; i < names.size(); ++i)
      if (names[i].text("arg") == keyword.text("arg")) pass(i - skipped, held);
  }
  return unit.returned.tag == Held::nothing ? Held::plain() : unit.returned;
}

Held RefactoredJudge::call_held(const Node& call, const Held& callee) {
  const Node function = call.child("func");
  const std::string shown = "`" + written(function) + "`";
  if (callee.tag == Held::child_class) {
    if (place_ != Place::build && !may_build_)
      report("grammar-child-construction", call, shown + " builds a child outside `__init__`: each call would have new weights",
             "build the child in `__init__` and keep it in an attribute of self");
    eval_arguments(call);
    return {Held::child, {}, false};
  }
  if (callee.is_module()) {
    if (place_ == Place::build)
      report("grammar-callee", call, shown + " is called while the model is built", "call children in `forward`");
    eval_arguments(call);
    return Held::plain();
  }
  report("grammar-callee", function, shown + " is called, but nothing shows that it is a child",
         "call a child that `__init__` put into an attribute of self, or a plumbing function");
  eval_arguments(call);
  return Held::plain();
}

Held RefactoredJudge::call_path(const Node& call, const std::string& path) {
  const Node function = call.child("func");
  if (has_prefix(path, "builtins.")) return call_builtin(call, path.substr(9));
  if (lists_.container_paths.has(path)) return build_container(call);
  if (lists_.number_paths.has(path)) {
    eval_arguments(call);
    return Held::plain();
  }
  if (lists_.constructor_paths.has(path)) {
    if (path == "collections.OrderedDict" || path == "collections.deque") return call_builtin(call, "dict");
    eval_arguments(call);
    return lists_.limit_paths.has(path) ? Held{Held::limits, {}, false} : Held::plain();
  }
  const bool index_form = path == "torch.where" && call.list("args").size() == 1 && call.list("keywords").empty();
  if (index_form || lists_.plumbing_paths.has(path) || (making_state_ && lists_.random_paths.has(path))) {
    if (place_ != Place::run && !making_state_)
      report("grammar-tensor-attribute", call, "`" + written(function) + "` makes a tensor outside a method that runs; a refactored class owns none",
             "make it in `forward`, or in a child that owns it as a buffer");
    eval_arguments(call);
    return Held::plain();
  }
  refuse_path(function, path);
  eval_arguments(call);
  return Held::plain();
}

void RefactoredJudge::refuse_path(const Node& at, const std::string& path) {
  if (!reporting_) return;
  const std::string full = plain(path);
  const std::string shown = "`" + written(at) + "`" + (written(at) == full ? "" : " (" + full + ")");
  std::size_t banned = 0;
  const bool compute = lists_.component_paths.has(path);
  if (lists_.banned_path(path, &banned) && !(compute && banned < path.size()) &&
      file_.report_banned_path(path, at, written(at), Mode::code))
    return;
  if (lists_.plumbing_paths.has(path) || lists_.number_paths.has(path))
    return report("grammar-value", at, shown + " is a function, used as a value", "call it in place");
  const std::string last = last_part(path);
  if (lists_.random_paths.has(path))
    return report("grammar-random", at, shown + " draws random numbers", "draw them in a child, as the original's operation did");
  if (has_prefix(path, "torch.nn.init.") || path == "torch.nn.Parameter" || path == "torch.nn.Buffer" || has_prefix(path, "torch.nn.parameter."))
    return report("grammar-parameter", at, shown + " makes or fills a parameter; a refactored class owns none",
                  "put it into the child that uses it");
  if (has_prefix(path, "torch.nn.") && !has_prefix(path, "torch.nn.functional.") && !last.empty() && last[0] >= 'A' && last[0] <= 'Z')
    return report("grammar-raw-module", at, shown + " is a module that no child file defines",
                  "put it into a child file: `from children.<kernel> import Model as " + last + "`");
  if (compute && (has_prefix(path, "torch.")))
    return report("grammar-compute-op", at, shown + " computes; a refactored file only calls children and moves data",
                  (last == "where" ? masked_fill_first : "") + move_to_child);
  if (last.substr(0, 2) == "__")
    return report("grammar-dunder", at, shown + " reaches into Python's own machinery", "use the public syntax for it");
  if (lists_.component_modules.has(path) || lists_.inert_imports.has(path))
    return report("grammar-value", at, "the module " + shown + " is used as a value", "call one of its functions by name");
  std::vector<std::string> similar;
  const std::string module = path.substr(0, path.rfind('.') + 1);
  for (const NameSet* set : {&lists_.plumbing_paths, &lists_.number_paths, &lists_.plain_builtins})
    for (const std::string& known : set->all())
      if (has_prefix(known, module)) similar.push_back(known.substr(module.size()));
  const auto close = nearest(last, similar);
  report("grammar-unlisted-call", at, shown + " is not on the list of what a refactored class may use",
         close.empty() ? std::string("use plumbing (views, slices, cat, casts, arithmetic), or ") + move_to_child
                       : "did you mean `" + close[0] + "`? Otherwise " + move_to_child);
}

Held RefactoredJudge::call_builtin(const Node& call, const std::string& name) {
  const Node function = call.child("func");
  const auto arguments = call.list("args");
  if (name == "getattr" || name == "setattr" || name == "hasattr") return call_reflective(call, name);
  if (name == "isinstance") {
    if (!arguments.empty()) eval(arguments[0]);
    if (arguments.size() > 1) eval_type(arguments[1]);
    return Held::plain();
  }
  if (name == "super") {
    report("grammar-dunder", call, "`super()` is used for something else than `super().__init__()`", "write `super().__init__()` in `__init__`");
    return Held::plain();
  }
  if (!lists_.plain_builtins.has("builtins." + name) && !lists_.exceptions.has("builtins." + name)) {
    if (!(name == "print" && file_.report_banned_path("builtins.print", function, "print", Mode::code))) refuse_path(function, "builtins." + name);
    eval_arguments(call);
    return Held::plain();
  }
  std::vector<Held> held;
  for (const Node& argument : arguments) held.push_back(eval(argument));
  Held keywords;
  for (const Node& keyword : call.list("keywords")) keywords = join_all(keywords, eval(keyword.child("value")));
  const Held first = held.empty() ? Held{} : held[0];
  if (name == "enumerate") return Held::sequence_of(Held::tuple_of({Held::plain(), first.item()}));
  if (name == "zip") {
    std::vector<Held> items;
    for (const Held& one : held) items.push_back(one.item());
    return Held::sequence_of(Held::tuple_of(std::move(items)));
  }
  if (name == "dict") {
    const Held item = first.tag == Held::nothing ? Held{} : first.tag == Held::sequence && !first.items.empty() ? first.items[0] : first.item();
    return Held::sequence_of(join_all(item, keywords));
  }
  static const std::set<std::string> copies = {"list", "tuple", "set", "reversed", "sorted"};
  if (copies.count(name)) return held.empty() ? Held::sequence_of({}) : Held::sequence_of(first.item());
  return Held::plain();
}

// getattr(self, f"block{i}") and setattr(self, f"block{i}", Block()): a literal beginning shows which attributes are meant.
Held RefactoredJudge::call_reflective(const Node& call, const std::string& name) {
  const auto arguments = call.list("args");
  std::string text;
  const bool complete = arguments.size() >= 2 && call.list("keywords").empty() && is_self(arguments[0]);
  const bool literal = complete && string_constant(arguments[1], text);
  if (complete && !literal && arguments[1].is("JoinedStr")) {
    const auto values = arguments[1].list("values");
    if (!values.empty()) string_constant(values[0], text);
    for (const Node& part : values) eval(part);
  }
  const auto& reserved = lists_.module_names.all();
  const bool own = !text.empty() && text[0] != '_' && std::none_of(reserved.begin(), reserved.end(), [&](const std::string& known) {
    return literal ? known == text : has_prefix(known, text);
  }) && std::none_of(methods_.begin(), methods_.end(), [&](const auto& entry) { return literal ? false : has_prefix(entry.first, text); });
  if (!own || (name == "setattr" && place_ != Place::build)) {
    report("grammar-reflection", call, "`" + name + "` can reach anything; here it cannot be seen what",
           "write `self.name`, use nn.ModuleList or nn.ModuleDict, or begin the name with a literal text: f\"block{i}\"");
    for (const Node& argument : arguments)
      if (!is_self(argument)) eval_value(argument);
    return Held::plain();
  }
  if (name == "setattr" && arguments.size() == 3) {
    const Held held = eval(arguments[2]);
    if (held.holds_class() || (held.holds_module() && !held.is_module()))
      report("grammar-container", arguments[2], "`setattr` is given something that is not seen to be a child", "give it one child");
    Held& known = literal ? attributes_[text] : numbered_[text];
    known = join_any(known, held);
    return Held::plain();
  }
  if (arguments.size() == 3) eval_value(arguments[2]);
  if (name == "hasattr") return Held::plain();
  if (literal) return self_attribute(call, text);
  Held held;
  for (const auto& [attribute, kept] : attributes_)
    if (has_prefix(attribute, text)) held = join_any(held, kept);
  for (const auto& [prefix, kept] : numbered_)
    if (has_prefix(prefix, text) || has_prefix(text, prefix)) held = join_any(held, kept);
  return held.tag == Held::nothing ? Held::plain() : held;
}

Held RefactoredJudge::build_container(const Node& call) {
  const Node function = call.child("func");
  if (place_ != Place::build)
    report("grammar-raw-module", function, "`" + written(function) + "` is built outside `__init__`", "build containers in `__init__`");
  Held items;
  const auto arguments = call.list("args");
  const bool sequential = last_part(scopes_.resolve(function).target) == "Sequential";
  for (const Node& argument : arguments) {
    const Held held = eval(argument.is("Starred") ? argument.child("value") : argument);
    const bool list = !sequential || argument.is("Starred") || held.tag == Held::sequence;  // OrderedDict in Sequential
    if (list ? !holds_only_children(held) : !held.is_module())
      report("grammar-container", argument, "`" + written(function) + "` is given something that is not seen to be a child",
             "fill it with instances of imported children only");
    Held item = list ? held.item() : held;
    if (item.tag == Held::tuple && item.items.size() == 2) item = item.items[1];
    if (list && held.tag == Held::nothing) item = {};
    if (item.is_module()) items = join_any(items, item);
  }
  for (const Node& keyword : call.list("keywords"))
    report("grammar-container", keyword, "`" + written(function) + "` with a keyword argument", "hand the children over by place");
  return Held::container_of(std::move(items));
}

void RefactoredJudge::add_child(const Node& call, const std::vector<Node>& arguments) {
  const Held held = arguments.size() == 2 ? eval(arguments[1]) : Held{};
  std::string name;
  if (arguments.size() == 2 && arguments[0].is("JoinedStr")) {
    const auto values = arguments[0].list("values");
    if (!values.empty()) string_constant(values[0], name);
  } else if (arguments.size() == 2) {
    string_constant(arguments[0], name);
  }
  if (place_ != Place::build || !held.is_module() || name.empty() || name[0] == '_') {
    report("grammar-container", call, "`" + written(call.child("func")) + "` is given something that is not seen to be a child and its name",
           "write `self.add_module(\"name\", Child())` in `__init__`");
    return;
  }
  Held& known = arguments[0].is("JoinedStr") ? numbered_[name] : attributes_[name];
  known = join_any(known, held);
}

Held RefactoredJudge::call_self(const Node& call, const std::string& name) {
  const Node function = call.child("func");
  if (const auto method = methods_.find(name); method != methods_.end() && !method->second.is_property) return call_unit(call, method->second);
  if (only_none_.count(name) != 0) {
    eval_arguments(call);
    return Held::plain();
  }
  // Every model is judged in evaluation mode.
  if (name == "eval" && place_ == Place::build && methods_.count(name) == 0 && call.list("args").empty() && call.list("keywords").empty()) return Held::plain();
  if (has_attribute(name) || methods_.count(name)) return call_held(call, self_attribute(function, name));
  if (name == "add_module" || name == "register_module") {
    add_child(call, call.list("args"));
    return Held::plain();
  }
  if (name == "register_buffer" || name == "register_parameter") {
    report("grammar-parameter", function, "`self." + name + "` makes a tensor of the refactored class; it owns none",
           "put the tensor into the child that uses it");
  } else if (lists_.banned_attribute(name) || lists_.module_names.has(name) || name.substr(0, 2) == "__") {
    self_attribute(function, name);
  } else {
    std::vector<std::string> known;
    for (const auto& [attribute, unused] : attributes_) known.push_back(attribute);
    for (const auto& [method, unused] : methods_) known.push_back(method);
    const auto close = nearest(name, known);
    report("grammar-callee", function, "`self." + name + "` is called, but `__init__` puts no child there",
           close.empty() ? "build the child in `__init__`: `self." + name + " = <Child>(...)`" : "did you mean `self." + close[0] + "`?");
  }
  eval_arguments(call);
  return Held::plain();
}

Held RefactoredJudge::call_container(const Node& call, const Held& base, const std::string& name) {
  const Node function = call.child("func");
  const auto arguments = call.list("args");
  if (name == "keys") return Held::sequence_of(Held::plain());
  if (name == "values") return Held::sequence_of(base.item());
  if (name == "items") return Held::sequence_of(Held::tuple_of({Held::plain(), base.item()}));
  static const std::set<std::string> growing = {"append", "insert", "extend", "update", "add_module", "register_module"};
  if (growing.count(name) && !arguments.empty()) {
    Held added = eval(arguments.back());
    const bool many = name == "extend" || name == "update";
    if (place_ != Place::build)
      report("grammar-assignment", function, "`" + written(function) + "` changes a container of children while the model runs",
             "build all children in `__init__`");
    else if (many ? !holds_only_children(added) : !added.is_module())
      report("grammar-container", arguments.back(), "`" + written(function) + "` is given something that is not seen to be a child",
             "fill it with instances of imported children only");
    if (many) added = added.item();
    if (added.tag == Held::tuple && added.items.size() == 2) added = added.items[1];
    if (added.is_module()) grow(function.child("value"), added);
    return Held::plain();
  }
  static const std::set<std::string> shrinking = {"pop", "popitem", "clear", "remove", "setdefault"};
  if (lists_.module_names.has(name) || name[0] == '_' || shrinking.count(name)) {
    report("grammar-child-internals", function, "`" + written(function) + "` reaches into a container of children",
           "iterate over it and call its children");
    eval_arguments(call);
    return Held::plain();
  }
  return call_held(call, base.item());  // a ModuleDict's key
}

Held RefactoredJudge::call_method(const Node& call, const Held& base, const std::string& name) {
  const Node function = call.child("func");
  if (base.tag == Held::container && !base.mixed) return call_container(call, base, name);
  if ((base.is_module() || base.tag == Held::child_class) && !base.mixed) {
    report("grammar-child-internals", function, "`" + written(function) + "` reaches into a child",
           name == "forward" ? "call the child itself: `" + written(function.child("value")) + "(...)`"
                             : "call the child itself; put other entry points into children of their own");
    eval_arguments(call);
    return Held::plain();
  }
  const Node root = root_name(function.child("value"));
  if (root && lists_.mutators.has(name) && place_ == Place::run) {
    if (scopes_.is_global(root.text("id")) && scopes_.resolve(root).kind == Resolved::value)
      report("grammar-global", function, "`" + written(function) + "()` changes `" + root.text("id") + "`, which all calls share",
             "make the list or dict in the method");
    const Node list = function.child("value");
    if (list.is("Attribute") && is_self(list.child("value"))) write_state(list.text("attr"), function);
  }
  if (lists_.python_methods.has(name) && !(place_ == Place::run && lists_.is_known(name) && !lists_.is_plumbing_method(name) &&
                                           !lists_.value_attributes.has(name))) {
    Held joined;
    std::vector<Held> held;
    for (const Node& argument : call.list("args")) held.push_back(eval(argument));
    for (const Node& keyword : call.list("keywords")) eval_value(keyword.child("value"));
    if ((name == "append" || name == "insert" || name == "add") && !held.empty()) grow(function.child("value"), held.back());
    if ((name == "extend" || name == "update") && !held.empty()) grow(function.child("value"), held.back().item());
    if (name == "items") return Held::sequence_of(Held::tuple_of({Held::plain(), base.item()}));
    if (name == "values") return Held::sequence_of(base.item());
    if (name == "copy") return base;
    if (name == "get" || name == "pop" || name == "setdefault" || name == "popleft") return base.item();
    return Held::plain();
  }
  if (lists_.is_plumbing_method(name) || file_.licensed.count(name)) {
    if (place_ != Place::run && !making_state_)
      report("grammar-tensor-attribute", function, "`" + written(function) + "` works on a tensor outside a method that runs",
             "do it in `forward`, or in a child");
    eval_arguments(call);
    return Held::plain();
  }
  refuse_method(function, name);
  eval_arguments(call);
  return Held::plain();
}

void RefactoredJudge::refuse_method(const Node& at, const std::string& name) {
  const std::string shown = "`" + written(at) + "()`";
  if (name.substr(0, 2) == "__")
    return report("grammar-dunder", at, shown + " reaches into Python's own machinery", "use the public syntax for it");
  if (const BannedGroup* group = lists_.banned_attribute(name))
    return report(group->rule, at, shown + " is refused: " + group->why, group->help);
  if (lists_.random_methods.has(name))
    return report("grammar-random", at, shown + " draws random numbers", "draw them in a child, as the original's operation did");
  if (lists_.is_known(name))
    return report("grammar-compute-op", at, shown + " computes; a refactored file only calls children and moves data",
                  (name == "where" ? masked_fill_first : "") + move_to_child);
  const std::vector<std::string> known(lists_.plumbing_methods.all().begin(), lists_.plumbing_methods.all().end());
  const auto close = nearest(name, known);
  report("grammar-unlisted-call", at, shown + " is not on the list of plumbing methods",
         close.empty() ? std::string(move_to_child) : "did you mean `" + close[0] + "`? Otherwise " + move_to_child);
}

}  // namespace decomp
