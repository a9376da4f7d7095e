// What names, attributes, calls and assignments a component may use.

#include "checks/grammar_component.h"

#include <algorithm>

#include "core/rules.h"

namespace decomp {
namespace {

bool is_dunder(std::string_view name) { return name.substr(0, 2) == "__"; }

bool is_call_of_super(const Node& node) {
  return node.is("Call") && node.child("func").is("Name") && node.child("func").text("id") == "super";
}

// The literal text that an expression's string value certainly begins with: f"layer{i}", "layer" + str(i),
// "layer%d" % i, "layer{}".format(i).
std::string literal_prefix(const Node& node) {
  std::string text;
  if (string_constant(node, text)) return text;
  if (node.is("JoinedStr")) {
    const auto values = node.list("values");
    return values.empty() ? "" : literal_prefix(values[0]);
  }
  if (node.is("BinOp")) {
    text = literal_prefix(node.child("left"));
    return node.text("op") == "Mod" ? text.substr(0, text.find('%')) : node.text("op") == "Add" ? text : "";
  }
  if (node.is("Call") && node.child("func").is("Attribute") && node.child("func").text("attr") == "format") {
    text = literal_prefix(node.child("func").child("value"));
    return text.substr(0, text.find('{'));
  }
  return "";
}

// A computed attribute name is harmless if its beginning rules out every name that torch.nn.Module gives a meaning.
bool is_own_prefix(const std::string& prefix, const GrammarLists& lists) {
  if (prefix.empty() || prefix[0] == '_') return false;
  const auto& names = lists.module_names.all();
  return std::none_of(names.begin(), names.end(), [&](const std::string& name) { return name.rfind(prefix, 0) == 0; });
}

std::string full_name(const std::string& path) { return path.rfind("builtins.", 0) == 0 ? path.substr(9) : path; }

}  // namespace

bool ComponentJudge::is_self(const Node& node) const {
  return node.is("Name") && !selves_.empty() && !selves_.back().empty() && node.text("id") == selves_.back();
}

void ComponentJudge::name_or_chain(const Node& node, bool called) {
  const Resolved name = scopes_.resolve(node);
  switch (name.kind) {
    case Resolved::path: return path(node, name.target, called);
    case Resolved::prologue:
      if (mode_ != Mode::tests)
        file_.report("grammar-path-prologue", node, "`" + written(node) + "` comes from the path prologue, which is left out of judged runs",
                     "use it in `run_tests` or the `__main__` block only");
      return;
    default:
      if (node.is("Attribute")) attribute(node, called);
  }
}

void ComponentJudge::path(const Node& node, const std::string& path, bool called) {
  std::size_t allowed = 0;
  const auto allow = [&](const NameSet& set) { allowed = std::max(allowed, GrammarLists::longest_prefix(path, set)); };
  allow(lists_.component_paths);
  allow(lists_.component_builtins);
  allow(lists_.exceptions);
  allow(lists_.numpy_paths);
  const bool importing = !scopes_.in_function() && selves_.empty();  // device = "cuda" if torch.cuda.is_available() else "cpu"
  if (mode_ == Mode::inputs || mode_ == Mode::tests || importing) allow(lists_.input_paths);
  if (mode_ == Mode::tests) {
    allow(lists_.test_paths);
    allow(lists_.test_builtins);
    allow(lists_.prologue_paths);
  }
  const std::string shown = written(node);
  std::size_t banned = 0;
  const BannedGroup* group = lists_.banned_path(path, &banned);
  if (group && banned >= allowed && file_.report_banned_path(path, node, shown, mode_)) return;

  if (path == "builtins.__name__" || (path == "builtins.__file__" && mode_ == Mode::tests)) return;
  if (path == "builtins.getattr" || path == "builtins.setattr" || path == "builtins.hasattr" || path == "builtins.type") {
    if (called) return;  // judged with their arguments
    if (path == "builtins.type") return;
    file_.report("grammar-reflection", node, "`" + shown + "` is handed on as a value", "call it in place, with the name written out");
    return;
  }
  if (allowed == 0) {
    if (lists_.component_modules.has(path)) {
      file_.report("grammar-value", node, "the module `" + shown + "` is used as a value", "name the function that is meant: `" + shown + ".<name>`");
      return;
    }
    const std::string last = path.substr(path.rfind('.') + 1);
    if (is_dunder(last)) {
      file_.report("grammar-dunder", node, "`" + shown + "` reaches into Python's own machinery", "use the public function for it");
      return;
    }
    if (path != full_name(path) && !is_dunder(full_name(path)) && !lists_.python_builtins.has(path.substr(0, path.find('.', 9)))) {
      // It would end the run there; in a branch that never runs it does no harm.
      file_.report("grammar-undefined-name", node, "the name `" + shown + "` is defined nowhere", "import or define it, or delete what uses it", Severity::warning);
      return;
    }
    std::vector<std::string> similar;
    const std::string module = path.substr(0, path.rfind('.') + 1);
    for (const std::string& known : lists_.component_paths.all())
      if (known.rfind(module, 0) == 0 && known.find('.', module.size()) == std::string::npos) similar.push_back(known.substr(module.size()));
    const auto close = nearest(last, similar);
    file_.report(called ? "grammar-unlisted-call" : "grammar-value", node,
                 "`" + shown + "`" + (shown == full_name(path) ? "" : " (" + full_name(path) + ")") + " is not on the list of what a component may use",
                 close.empty() ? "use a function of torch, torch.nn.functional or math for it" : "did you mean `" + close[0] + "`?");
    return;
  }
  if (!called && mode_ == Mode::code && scopes_.in_function() && lists_.numpy_paths.has(path) && !lists_.numpy_values.has(path)) {
    file_.report("grammar-numpy", node, "`" + shown + "` is handed on: what it is given could be a tensor, and NumPy's work is not recorded",
                 "call it in place on numbers, or use the function of torch");
    return;
  }
  // What follows a listed name is an attribute of it: torch.float32.itemsize, nn.Module.__init__.
  std::size_t at = allowed;
  while (at < path.size()) {
    const std::size_t next = std::min(path.find('.', at + 1), path.size());
    const std::string part = path.substr(at + 1, next - at - 1);
    const bool last = next == path.size();
    if (!(part == "__init__" && called && last) && part != "__name__") attribute_name(node, part, false, called && last);
    at = next;
  }
}

void ComponentJudge::attribute(const Node& node, bool called) {
  const Node base = node.child("value");
  const std::string name = node.text("attr");
  if (is_call_of_super(base) && is_dunder(name)) {
    if (!lists_.special_methods.has(name))
      file_.report("grammar-dunder", node, "`super()." + name + "` reaches into Python's own machinery", "use an ordinary method");
  } else if (name == "__init__" && called && scopes_.resolve(base).kind == Resolved::klass) {
    // Base.__init__(self)
  } else if (name == "__name__" || name == "__qualname__") {
    if (base.is("Attribute") && base.text("attr") == "__class__") return walk(base.child("value"));
  } else {
    attribute_name(node, name, is_self(base), called);
  }
  if (base.is("Name") || base.is("Attribute"))
    name_or_chain(base, false);
  else
    walk(base);
}

void ComponentJudge::attribute_name(const Node& at, const std::string& name, bool of_self, bool called) {
  const std::string shown = "`." + name + (called ? "()`" : "`");
  if (is_dunder(name)) {
    file_.report("grammar-dunder", at, shown + " reaches into Python's own machinery", "use the public function or syntax for it");
    return;
  }
  if (of_self && !lists_.module_names.has(name)) return;
  if (file_.licensed.count(name)) return;
  if (const BannedGroup* group = lists_.banned_attribute(name)) {
    const bool tests = mode_ == Mode::tests && (group->allowed_in.count("tests") || lists_.test_methods.has(name));
    const bool making = name == "data" && mode_ != Mode::code;
    if (!tests && !making) file_.report(group->rule, at, shown + " is refused: " + group->why, group->help);
    return;
  }
  const bool listed = lists_.component_methods.has(name) || lists_.component_attributes.has(name) ||
                      (mode_ == Mode::tests && lists_.test_methods.has(name));
  if (lists_.is_known(name)) {
    if (!listed)
      file_.report(name[0] == '_' ? "grammar-torch-internals" : "grammar-attribute", at,
                   shown + " is not on the list of tensor and module attributes that a component may use",
                   "use an operation of torch on the tensor itself");
    return;
  }
  if (mode_ == Mode::inputs && lists_.input_methods.has(name)) return;
  if (called && !listed && mode_ != Mode::tests && !lists_.python_methods.has(name) && !own_names_.has(name))
    file_.report("grammar-unlisted-call", at, shown + " is no method of a tensor, a module or a Python container, and nothing in this file has that name",
                 "use a listed method, or define it in this file");
}

void ComponentJudge::call(const Node& call) {
  const Node function = call.child("func");
  const Resolved name = scopes_.resolve(function);
  if (name.kind == Resolved::path) {
    const std::string& target = name.target;
    if (target == "builtins.getattr" || target == "builtins.hasattr" || target == "builtins.setattr") reflective_call(call, target.substr(9));
    if (target == "builtins.type" && (call.list("args").size() != 1 || !call.list("keywords").empty()) )
      file_.report("grammar-reflection", call, "`type(...)` with more than one argument makes a class while the program runs",
                   "write a class statement");
    if (mode_ == Mode::code && scopes_.in_function() && GrammarLists::longest_prefix(target, lists_.numpy_paths) == target.size())
      numpy_arguments(call);
  }
  if (function.is("Name") || function.is("Attribute"))
    name_or_chain(function, true);
  else
    walk(function);
  mutation(call);
  for (const Node& argument : call.list("args")) walk(argument);
  for (const Node& keyword : call.list("keywords")) walk(keyword.child("value"));
}

void ComponentJudge::mutation(const Node& call) {
  const Node function = call.child("func");
  const auto arguments = call.list("args");
  if (scopes_.in_function() && mode_ != Mode::tests && !arguments.empty() && arguments[0].is("Name") &&
      scopes_.resolve(function).target == "builtins.next" && scopes_.is_global(arguments[0].text("id")))
    file_.report("grammar-global", call, "`next(" + arguments[0].text("id") + ")` advances what all calls share",
                 "count in an attribute of the module, as the source model does, or make the iterator anew in each call");
  if (!function.is("Attribute") || !lists_.mutators.has(function.text("attr")) || !scopes_.in_function() || mode_ == Mode::tests) return;
  const Node root = root_name(function.child("value"));
  if (!root || !scopes_.is_global(root.text("id"))) return;
  const Binding* binding = scopes_.find(root.text("id"));
  if (binding->kind == Binding::value || binding->kind == Binding::klass)
    file_.report("grammar-global", function, "`" + written(function) + "()` changes `" + root.text("id") + "`, which all calls share",
                 "keep it in an attribute of the module, or make it anew in each call");
}

void ComponentJudge::reflective_call(const Node& call, const std::string& name) {
  const auto arguments = call.list("args");
  const std::string refusal = "`" + name + "` ";
  if (arguments.size() < 2 || !call.list("keywords").empty() ||
      std::any_of(arguments.begin(), arguments.end(), [](const Node& a) { return a.is("Starred"); })) {
    file_.report("grammar-reflection", call, refusal + "with arguments that cannot be seen", "write the attribute out: `object.name`");
    return;
  }
  std::string attribute;
  const Node object = arguments[0];
  if (string_constant(arguments[1], attribute)) {
    if (name == "setattr") return store_name(call, object, attribute);
    const Resolved base = scopes_.resolve(object);
    if (base.kind == Resolved::path) return path(call, base.target + "." + attribute, false);
    return attribute_name(call, attribute, is_self(object), false);
  }
  const std::string prefix = literal_prefix(arguments[1]);
  if (is_self(object) && is_own_prefix(prefix, lists_)) return;
  file_.report("grammar-reflection", call, refusal + "with a computed name can reach anything",
               is_self(object) ? "use nn.ModuleList or nn.ModuleDict, or begin the name with a literal text: f\"block{i}\""
                               : "write the attribute out, or choose from a dict of the values that are meant");
}

bool ComponentJudge::is_number(const Node& node, int depth) const {
  if (depth > 8) return false;
  const auto number = [&](const Node& part) { return is_number(part, depth + 1); };
  const auto numbers = [&](const std::vector<Node>& parts) { return std::all_of(parts.begin(), parts.end(), number); };
  if (node.is("Constant")) return true;
  if (node.is("UnaryOp")) return number(node.child("operand"));
  if (node.is("BinOp")) return number(node.child("left")) && number(node.child("right"));
  if (node.is("Tuple") || node.is("List")) return numbers(node.list("elts"));
  if (node.is("Subscript")) return number(node.child("value"));
  if (node.is("Attribute")) {
    const std::string name = node.text("attr");
    if (name == "shape" || name == "ndim") return true;
    const Resolved path = scopes_.resolve(node);
    if (path.kind == Resolved::path) return path.target.rfind("math.", 0) == 0 || path.target.rfind("numpy.", 0) == 0;
    if (!is_self(node.child("value"))) return false;
    // self.d_k: a number if initialisers alone assign it, and nothing that a call of torch returned.
    bool plain = true;
    const auto look = [&](const auto& self_look, const Node& at, bool making) -> void {
      if (at.is("FunctionDef")) making = lists_.init_functions.has(at.text("name"));
      if (at.is("Assign") && making) {
        bool direct = false;
        for (const Node& target : at.list("targets")) direct = direct || (target.is("Attribute") && target.text("attr") == name);
        if (direct) {
          plain = plain && (!at.child("value").is("Call") || number(at.child("value")));
          return self_look(self_look, at.child("value"), making);
        }
      }
      if (at.is("Attribute") && at.text("ctx") == "Store" && at.text("attr") == name) plain = false;
      for (const Node& part : at.children()) self_look(self_look, part, making);
    };
    look(look, file_.facts.module(), false);
    return plain;
  }
  if (node.is("Call")) {
    const Node function = node.child("func");
    if (function.is("Attribute") && (function.text("attr") == "size" || function.text("attr") == "dim" || function.text("attr") == "numel"))
      return true;
    const Resolved path = scopes_.resolve(function);
    static const std::set<std::string> conversions = {"builtins.len", "builtins.int", "builtins.float", "builtins.round",
                                                      "builtins.max", "builtins.min", "builtins.sum", "builtins.abs"};
    const bool convert = path.kind == Resolved::path && (conversions.count(path.target) || path.target.rfind("math.", 0) == 0 ||
                                                         path.target.rfind("numpy.", 0) == 0);
    return convert && (path.target == "builtins.len" || numbers(node.list("args")));
  }
  if (!node.is("Name")) return false;
  const std::string name = node.text("id");
  const Binding* binding = scopes_.find(name);
  if (!binding) return false;
  if (scopes_.is_global(name)) return binding->kind == Binding::value;
  // A local name: every assignment to it must be a number; a parameter needs its annotation.
  if (functions_.empty()) return false;
  for (const Node& parameter : parameters(functions_.back()))
    if (parameter.text("arg") == name) {
      const std::string type = parameter.child("annotation").text("id");
      return type == "int" || type == "float";
    }
  bool all = true;
  const auto look = [&](const auto& self_look, const Node& at) -> void {
    if (at.is("Assign"))
      for (const Node& target : at.list("targets")) {
        const auto names = target.is("Tuple") ? target.list("elts") : std::vector<Node>{target};
        for (const Node& part : names)
          if (part.is("Name") && part.text("id") == name) all = all && number(at.child("value"));
      }
    for (const Node& part : at.children()) self_look(self_look, part);
  };
  look(look, functions_.back());
  return all;
}

// dtype=np.float32
bool ComponentJudge::is_listed_value(const Node& node) const {
  const Resolved name = scopes_.resolve(node);
  return name.kind == Resolved::path && lists_.numpy_values.has(name.target);
}

void ComponentJudge::numpy_arguments(const Node& call) {
  std::vector<Node> arguments = call.list("args");
  for (const Node& keyword : call.list("keywords")) arguments.push_back(keyword.child("value"));
  for (const Node& argument : arguments)
    if (!is_number(argument) && !is_listed_value(argument)) {
      file_.report("grammar-numpy", call, "`" + written(call.child("func")) + "` is given `" + written(argument) +
                   "`, which may be a tensor: NumPy's work is not recorded", "use the function of torch, or of math for numbers");
      return;
    }
}

void ComponentJudge::store(const Node& target) {
  if (!target || target.is("Name")) return;
  if (target.is("Tuple") || target.is("List")) {
    for (const Node& part : target.list("elts")) store(part);
  } else if (target.is("Starred")) {
    store(target.child("value"));
  } else if (target.is("Attribute")) {
    store_name(target, target.child("value"), target.text("attr"));
  } else if (target.is("Subscript")) {
    const Node root = root_name(target.child("value"));
    if (root && scopes_.in_function() && mode_ != Mode::tests && scopes_.is_global(root.text("id")))
      file_.report("grammar-global", target, "an item of `" + root.text("id") + "` is changed, which all calls share",
                   "keep it in an attribute of the module, or make it anew in each call");
    walk(target.child("value"));
    walk(target.child("slice"));
  } else {
    walk(target);
  }
}

void ComponentJudge::store_name(const Node& at, const Node& base, const std::string& name) {
  const auto refuse = [&](const std::string& what) {
    file_.report("grammar-assignment", at, what, "change only attributes of your own `self`, in the class that owns them");
  };
  if (base.is("Name") || base.is("Attribute"))
    name_or_chain(base, false);
  else
    walk(base);
  if (is_dunder(name)) {
    file_.report("grammar-dunder", at, "assigns `." + name + "`, which is Python's own machinery", "use an ordinary attribute");
    return;
  }
  if (is_self(base)) {
    if (lists_.module_names.has(name) && !lists_.storable.has(name))
      file_.report("grammar-override", at, "assigns `self." + name + "`, which torch.nn.Module gives a meaning", "use another name");
    return;
  }
  const Node root = root_name(base);
  const Binding* binding = root ? scopes_.find(root.text("id")) : nullptr;
  if (!binding || binding->kind != Binding::value || (scopes_.is_global(root.text("id")) && scopes_.in_function())) {
    refuse("assigns `." + name + "` of `" + written(base) + "`, which is not this object's own");
    return;
  }
  if (name == "data" && mode_ != Mode::code) return;
  const bool method = own_names_.has(name) && std::any_of(file_.names.begin(), file_.names.end(), [&](const auto& entry) {
    if (entry.second.kind != Binding::klass) return false;
    const auto body = entry.second.node.list("body");
    return std::any_of(body.begin(), body.end(), [&](const Node& m) { return m.is("FunctionDef") && m.text("name") == name; });
  });
  if (method || (lists_.is_known(name) && !lists_.component_attributes.has(name)))
    refuse("assigns `" + written(base) + "." + name + "`: it replaces a method or a part of torch");
  else if (mode_ == Mode::code && !fields_.has(name) && !lists_.is_known(name))
    refuse("assigns `" + written(base) + "." + name + "`, an attribute that no class of this file has: it may ride on a tensor to another child");
}

}  // namespace decomp
