#include "checks/loader_values.h"

#include <algorithm>

#include "checks/custody_module.h"
#include "checks/grammar_lists.h"
#include "checks/loader_paths.h"
#include "checks/name_uses.h"

namespace decomp {
namespace {

constexpr int max_depth = 8;
constexpr int max_steps = 20000;  // expressions that one attempt may look at

bool is_textual(const LoadValue& value) { return value.kind == LoadValue::plain_text || value.kind == LoadValue::path; }

bool holds_file(const LoadValue& value) { return value.kind == LoadValue::module || value.kind == LoadValue::bare; }

LoadValue text_value(std::string text) { return {LoadValue::plain_text, std::move(text)}; }
LoadValue path_value(std::string text) { return {LoadValue::path, std::move(text)}; }

std::optional<long> int_constant(const Node& node) {
  if (node.is("UnaryOp") && node.text("op") == "USub") {
    const auto inner = int_constant(node.child("operand"));
    return inner ? std::optional<long>(-*inner) : std::nullopt;
  }
  const Json* value = node.is("Constant") ? node.raw("value") : nullptr;
  if (value == nullptr || value->value("kind", "") != "int") return std::nullopt;
  const std::string digits = (*value)["value"].get<std::string>();
  return digits.size() > 6 ? std::nullopt : std::optional<long>(std::stol(digits));
}

bool imports_importlib(const Node& node) {
  if (node.is("ImportFrom") && node.text("module").rfind("importlib", 0) == 0) return true;
  if (node.is("Import"))
    for (const Node& alias : node.list("names"))
      if (alias.text("name").rfind("importlib", 0) == 0) return true;
  const auto parts = node.children();
  return std::any_of(parts.begin(), parts.end(), imports_importlib);
}

}  // namespace

LoadEvaluator::LoadEvaluator(const std::string& path, const Bindings& names, const std::set<std::string>& unsure)
    : here_(unspeakable_folder()), own_(here_ + "/" + last_part(path)), names_(names), unsure_(unsure), scopes_(names) {}

const LoadValue* LoadEvaluator::defined(const std::string& name) const {
  const auto found = constants_.find(name);
  return found == constants_.end() ? nullptr : &found->second;
}

std::optional<LoadDoubt> LoadEvaluator::take_doubt() {
  steps_ = 0;
  return std::exchange(doubt_, std::nullopt);
}

LoadEvaluator::Value LoadEvaluator::doubt(const Node& at, std::string why) {
  if (!doubt_) doubt_ = LoadDoubt{at, std::move(why)};
  return std::nullopt;
}

bool LoadEvaluator::speaks_of_loading(const Node& node, const std::set<std::string>& functions) const {
  bool found = imports_importlib(node);
  each_name_use(node, names_, true, [&](const NameUse& use) {
    const bool maker = use.name.kind == Resolved::path && (use.name.target.rfind("importlib", 0) == 0 || use.name.target == "builtins.__import__");
    found = found || maker || (use.name.kind == Resolved::function && functions.count(use.name.target) != 0);
  });
  return found;
}

std::string LoadEvaluator::global_path(const Node& node, const Frame& frame) const {
  Node root = node;
  std::string members;
  for (; root.is("Attribute"); root = root.child("value")) members = "." + root.text("attr") + members;
  if (!root.is("Name")) return "";
  const std::string id = root.text("id");
  if (const auto own = frame.imports.find(id); own != frame.imports.end()) return own->second + members;
  if (frame.bound.count(id) != 0 || unsure_.count(id) != 0) return "";
  const Resolved name = scopes_.resolve(node);
  return name.kind == Resolved::path ? name.target : "";
}

LoadEvaluator::Value LoadEvaluator::value(const Node& node, const Frame& frame) {
  if (++steps_ > max_steps || frame.depth > max_depth) return doubt(node, "it takes too many steps to follow");
  std::string text;
  if (string_constant(node, text)) return text_value(std::move(text));
  if (const auto number = int_constant(node)) return LoadValue{LoadValue::integer, "", *number};
  if (node.is("Name")) return name(node, frame);
  if (node.is("Attribute")) return attribute(node, frame);
  if (node.is("Subscript")) return subscript(node, frame);
  if (node.is("JoinedStr")) return joined(node, frame);
  if (node.is("BinOp")) return operation(node, frame);
  if (node.is("BoolOp") && node.text("op") == "Or" && node.list("values").size() == 2) {  // args or module.get_init_inputs()
    const Value left = value(node.list("values")[0], frame);
    if (!left) return std::nullopt;
    const bool empty = (left->kind == LoadValue::sequence && left->items.empty()) || (left->kind == LoadValue::plain_text && left->text.empty());
    return empty ? value(node.list("values")[1], frame) : left;
  }
  if (node.is("Call")) return call(node, frame);
  if (node.is("ListComp") || node.is("GeneratorExp")) return comprehension(node, frame);
  if (node.is("List") || node.is("Tuple")) {
    LoadValue made{LoadValue::sequence};
    for (const Node& element : node.list("elts")) {
      const Value one = value(element.is("Starred") ? element.child("value") : element, frame);
      if (!one) return std::nullopt;
      if (element.is("Starred") && one->kind != LoadValue::sequence) return doubt(element, "what is unpacked is no list");
      if (element.is("Starred"))
        made.items.insert(made.items.end(), one->items.begin(), one->items.end());
      else
        made.items.push_back(*one);
    }
    return made;
  }
  if (node.is("DictComp")) return LoadValue{LoadValue::table, "", 0, node};
  if (node.is("Dict")) {  // of an entry that is not understood nobody knows what it does
    const auto values = node.list("values");
    const bool all = std::all_of(values.begin(), values.end(), [&](const Node& entry) { return value(entry, frame).has_value(); });
    return all ? Value(LoadValue{LoadValue::table, "", 0, node}) : std::nullopt;
  }
  return doubt(node, "`" + written(node) + "` is more than a path or a file");
}

LoadEvaluator::Value LoadEvaluator::name(const Node& node, const Frame& frame) {
  const std::string id = node.text("id");
  if (frame.bound.count(id) != 0) {
    const auto known = frame.values.find(id);
    if (known == frame.values.end()) return doubt(node, "`" + id + "` is no literal text");
    return known->second;
  }
  if (const LoadValue* known = defined(id)) return *known;
  if (kernels_ != nullptr && unsure_.count(id) == 0)
    if (const Resolved import = scopes_.resolve(node); import.kind == Resolved::path) {
      const std::string package = "level_0_kernel.";
      const std::string file = import.target.rfind(package, 0) == 0 ? import.target.substr(package.size()) : import.target;
      if (kernels_->count(file) != 0) return LoadValue{LoadValue::module, package + file};
    }
  if (id == "__file__" && names_.count("__file__") == 0) return text_value(own_);
  return doubt(node, "the value of `" + id + "` cannot be told");
}

LoadEvaluator::Value LoadEvaluator::attribute(const Node& node, const Frame& frame) {
  const std::string path = global_path(node, frame);
  if (path == "os.sep") return text_value("/");
  if (path == "os.pardir") return text_value("..");
  if (path == "os.curdir") return text_value(".");
  const Value base = value(node.child("value"), frame);
  if (!base) return std::nullopt;
  const std::string name = node.text("attr");
  if (base->kind == LoadValue::path) {
    if (name == "parent") return path_value(folder_of(base->text));
    if (name == "name") return text_value(last_part(base->text));
    if (name == "stem") return text_value(stem_of(last_part(base->text)));
    if (name == "suffix") return text_value(last_part(base->text).substr(stem_of(last_part(base->text)).size()));
    if (name == "parents") return LoadValue{LoadValue::ancestors, base->text};
  }
  if (base->kind == LoadValue::spec && name == "name") return text_value(base->name);
  if (holds_file(*base)) return member(node, *base, name);
  return doubt(node, "`" + written(node) + "` is more than a path or a file");
}

LoadEvaluator::Value LoadEvaluator::member(const Node& at, const LoadValue& module, const std::string& name) {
  if (module.kind == LoadValue::bare) return doubt(at, "the module is used before `exec_module` has filled it");
  if (name != "Model") return doubt(at, "it takes `" + name + "` of the file; only its class `Model` counts");
  return LoadValue{LoadValue::model, module.text};
}

LoadEvaluator::Value LoadEvaluator::subscript(const Node& node, const Frame& frame) {
  const Value base = value(node.child("value"), frame);
  if (!base) return std::nullopt;
  const Node index = node.child("slice");
  if (base->kind == LoadValue::ancestors)
    if (const auto up = int_constant(index); up && *up >= 0 && *up < 16) {
      std::string path = base->text;
      for (long i = 0; i <= *up; ++i) path = folder_of(path);
      return path_value(path);
    }
  if (base->kind == LoadValue::plain_text && index.is("Slice") && !index.child("step")) {
    const auto size = static_cast<long>(base->text.size());
    const auto bound = [&](const char* field, long otherwise) -> std::optional<long> {
      if (!index.child(field)) return otherwise;
      const auto given = int_constant(index.child(field));
      return given ? std::optional<long>(std::clamp(*given < 0 ? size + *given : *given, 0L, size)) : std::nullopt;
    };
    const auto first = bound("lower", 0), last = bound("upper", size);
    if (first && last) return text_value(*first < *last ? base->text.substr(static_cast<std::size_t>(*first), static_cast<std::size_t>(*last - *first)) : "");
  }
  if (base->kind == LoadValue::sequence)
    if (const auto place = int_constant(index); place && *place < static_cast<long>(base->items.size()) && *place >= -static_cast<long>(base->items.size()))
      return base->items[static_cast<std::size_t>(*place < 0 ? *place + static_cast<long>(base->items.size()) : *place)];
  if (base->kind == LoadValue::table) {
    const Value key = value(index, frame);
    if (!key) return std::nullopt;
    if (const auto kept = frame.kept.find(node.child("value").text("id")); kept != frame.kept.end() && key->kind == LoadValue::plain_text && kept->second.first == key->text)
      return kept->second.second;
    if (key->kind == LoadValue::plain_text) {
      const Value found = look_up(node, *base, key->text, frame);
      if (const Node table = node.child("value"); found && table.is("Name")) looked_up_.insert(table.text("id"));
      return found;
    }
  }
  return doubt(node, "`" + written(node) + "` is more than a path or a file");
}

// {"linear": load("linear_6x6_fp32")}, {p.stem: import_module(p.stem) for p in KERNELS.glob("*.py")}, {n: load(n) for n in ("a", "b")}
LoadEvaluator::Value LoadEvaluator::look_up(const Node& at, const LoadValue& table, const std::string& key, const Frame& frame) {
  if (table.node.is("Dict")) {
    const auto keys = table.node.list("keys");
    const auto values = table.node.list("values");
    std::string text;
    for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i)
      if (keys[i] && string_constant(keys[i], text) && text == key) return value(values[i], frame);
    return doubt(at, "the dict has no entry '" + key + "'");
  }
  const auto generators = table.node.list("generators");
  if (generators.size() != 1 || !generators[0].list("ifs").empty() || !generators[0].child("target").is("Name"))
    return doubt(table.node, "the comprehension is more than one loop over files or names");
  const std::string variable = generators[0].child("target").text("id");
  Node from = generators[0].child("iter");
  if (from.is("Call") && global_path(from.child("func"), frame) == "builtins.sorted" && from.list("args").size() == 1 && from.list("keywords").empty())
    from = from.list("args")[0];
  std::vector<LoadValue> candidates;
  if (from.is("List") || from.is("Tuple")) {
    for (const Node& element : from.list("elts"))
      if (std::string text; string_constant(element, text)) candidates.push_back(text_value(text));
  } else if (from.is("Call") && from.child("func").text("attr") == "glob" && from.list("args").size() == 1) {
    std::string pattern;
    const Value folder = value(from.child("func").child("value"), frame);
    if (!folder || folder->kind != LoadValue::path || !string_constant(from.list("args")[0], pattern) || pattern != "*.py")
      return doubt(from, "`" + written(from) + "` is no list of the files of one folder");
    candidates.push_back(path_value(joined_path(folder->text, key + ".py")));
  }
  for (const LoadValue& candidate : candidates) {
    Frame inner = frame;
    inner.depth += 1;
    inner.bound.insert(variable);
    inner.values[variable] = candidate;
    const Value made = value(table.node.child("key"), inner);
    if (made && made->kind == LoadValue::plain_text && made->text == key) return value(table.node.child("value"), inner);
  }
  return doubt(at, "the dict has no entry '" + key + "'");
}

LoadEvaluator::Value LoadEvaluator::joined(const Node& node, const Frame& frame) {
  std::string text;
  for (const Node& part : node.list("values")) {
    const Json* conversion = part.raw("conversion");
    const bool plain = conversion == nullptr || !conversion->is_number_integer() || conversion->get<int>() == -1;
    if (part.is("FormattedValue") && (part.child("format_spec") || !plain)) return doubt(node, "the f-string formats its values");
    const Value made = value(part.is("FormattedValue") ? part.child("value") : part, frame);
    if (!made) return std::nullopt;
    if (!is_textual(*made) && made->kind != LoadValue::integer) return doubt(part, "a part of the f-string is no text");
    text += made->kind == LoadValue::integer ? std::to_string(made->number) : made->text;
  }
  return text_value(std::move(text));
}

LoadEvaluator::Value LoadEvaluator::operation(const Node& node, const Frame& frame) {
  const std::string op = node.text("op");
  const Value left = value(node.child("left"), frame);
  const Value right = left ? value(node.child("right"), frame) : std::nullopt;
  if (!right) return std::nullopt;
  if (left->kind == LoadValue::integer && right->kind == LoadValue::integer && (op == "Add" || op == "Sub" || op == "Mult")) {
    constexpr long most = 1'000'000;
    if (left->number > most || right->number > most || left->number < -most || right->number < -most) return doubt(node, "a number is too large to follow");
    return LoadValue{LoadValue::integer, "", op == "Add" ? left->number + right->number : op == "Sub" ? left->number - right->number : left->number * right->number};
  }
  if (op == "Add" && left->kind == LoadValue::plain_text && right->kind == LoadValue::plain_text) return text_value(left->text + right->text);
  if (op == "Div" && is_textual(*left) && is_textual(*right) && (left->kind == LoadValue::path || right->kind == LoadValue::path))
    return path_value(joined_path(left->text, right->text));
  return doubt(node, "the path is put together in a way that cannot be followed");
}

std::optional<std::vector<LoadValue>> LoadEvaluator::arguments(const Node& call, const Frame& frame) {
  std::vector<LoadValue> found;
  for (const Node& argument : call.list("args")) {
    const Value made = value(argument.is("Starred") ? argument.child("value") : argument, frame);
    if (!made) return std::nullopt;
    if (argument.is("Starred") && made->kind == LoadValue::sequence) {
      found.insert(found.end(), made->items.begin(), made->items.end());
    } else if (argument.is("Starred")) {
      doubt(argument, "what is unpacked is no list");
      return std::nullopt;
    } else {
      found.push_back(*made);
    }
  }
  const auto keywords = call.list("keywords");
  if (keywords.empty()) return found;
  doubt(keywords[0], "the argument `" + keywords[0].text("arg") + "` cannot be followed");
  return std::nullopt;
}

LoadEvaluator::Value LoadEvaluator::call(const Node& node, const Frame& frame) {
  const Node function = node.child("func");
  if (function.is("Name") && frame.bound.count(function.text("id")) == 0)
    if (const LoadValue* known = defined(function.text("id")); known != nullptr && known->kind == LoadValue::function)
      return apply(node, function.text("id"), frame);
  if (const std::string path = global_path(function, frame); !path.empty()) return call_path(node, path, frame);
  if (function.is("Attribute")) {
    const Value base = value(function.child("value"), frame);
    return base ? call_method(node, *base, function.text("attr"), frame) : std::nullopt;
  }
  const Value callee = value(function, frame);
  return callee ? call_method(node, *callee, "", frame) : std::nullopt;
}

LoadEvaluator::Value LoadEvaluator::file_value(LoadValue::Kind kind, const Node& at, const LoadValue& file) {
  const std::string module = is_textual(file) ? module_of_path(file.text, here_) : "";
  if (!module.empty()) return LoadValue{kind, module};
  return doubt(at, "it loads a file that lies neither in children/ nor in a level folder, seen from this file");
}

LoadEvaluator::Value LoadEvaluator::imported(const Node& at, const LoadValue& name) {
  if (name.kind == LoadValue::plain_text && is_import_name(name.text)) return LoadValue{LoadValue::module, name.text};
  return doubt(at, "what it imports is no name of a file");
}

LoadEvaluator::Value LoadEvaluator::call_path(const Node& node, const std::string& path, const Frame& frame) {
  if (path == "importlib.util.spec_from_file_location") {
    const auto given = node.list("args");
    if (given.size() != 2 || !node.list("keywords").empty()) return doubt(node, "spec_from_file_location wants a name and a path");
    // What the module calls itself counts only where the loader uses it again.
    const bool harmless = is_harmless(given[0], frame);
    const Value name = value(given[0], frame);
    if (!harmless && (!name || name->kind != LoadValue::plain_text)) return doubt(node, "spec_from_file_location wants a name and a path");
    doubt_.reset();
    const Value file = value(given[1], frame);
    Value spec = file ? file_value(LoadValue::spec, node, *file) : std::nullopt;
    if (spec) spec->name = name && name->kind == LoadValue::plain_text ? name->text : "";
    return spec;
  }
  if (path == "builtins.__import__") {
    const auto names = node.list("args");
    const Value name = names.size() == 1 ? value(names[0], frame) : std::nullopt;
    const auto keywords = node.list("keywords");
    const bool whole = keywords.size() == 1 && keywords[0].text("arg") == "fromlist" && !keywords[0].child("value").list("elts").empty();
    if (!name) return doubt(node, "`__import__` is given more than a name");
    // Without a fromlist `__import__("children.x")` is the package.
    if (!keywords.empty() && !whole) return doubt(node, "`__import__` is given more than a name and a fromlist");
    return whole || name->text.find('.') == std::string::npos ? imported(node, *name) : doubt(node, "`__import__` of a dotted name gives the package");
  }
  if (path == "builtins.list" || path == "builtins.tuple" || path == "builtins.enumerate" || path == "builtins.zip" || path == "builtins.range" || path == "builtins.reversed")
    return iterated(node, path.substr(9), frame);
  const auto given = arguments(node, frame);
  if (!given) return std::nullopt;
  const bool one = given->size() == 1;
  const bool texts = !given->empty() && std::all_of(given->begin(), given->end(), is_textual);
  if (path == "importlib.import_module" && one) return imported(node, (*given)[0]);
  if (path == "importlib.util.module_from_spec" && one && (*given)[0].kind == LoadValue::spec) return LoadValue{LoadValue::bare, (*given)[0].text};
  if (path == "importlib.machinery.SourceFileLoader" && given->size() == 2) return file_value(LoadValue::source_loader, node, (*given)[1]);
  if (path == "builtins.getattr" && given->size() == 2 && holds_file((*given)[0])) return member(node, (*given)[0], (*given)[1].text);
  if (path == "os.path.join" && texts) return text_value(all_joined(*given));
  if ((path == "pathlib.Path" || path == "pathlib.PurePath" || path == "pathlib.PosixPath") && texts) return path_value(all_joined(*given));
  if (one && texts) {
    const std::string& text = (*given)[0].text;
    if (path == "builtins.str" || path == "os.fspath" || path == "os.path.abspath" || path == "os.path.realpath" || path == "os.path.normpath") return text_value(text);
    if (path == "os.path.dirname") return text_value(folder_of(text));
    if (path == "os.path.splitext") {
      const std::string stem = text.substr(0, text.size() - last_part(text).size()) + stem_of(last_part(text));
      return LoadValue{LoadValue::sequence, "", 0, {}, "", {text_value(stem), text_value(text.substr(stem.size()))}};
    }
    if (path == "os.path.basename") return text_value(last_part(text));
    if (path == "os.path.exists" || path == "os.path.isfile" || path == "os.path.isdir") return LoadValue{LoadValue::flag};
  }
  return doubt(node, "it calls `" + (path.rfind("builtins.", 0) == 0 ? path.substr(9) : path) + "`");
}

LoadEvaluator::Value LoadEvaluator::call_method(const Node& node, const LoadValue& base, const std::string& method, const Frame& frame) {
  if (base.kind == LoadValue::model || (holds_file(base) && method == "Model")) {
    const auto given = node.list("args");
    if (given.size() != 1 || !given[0].is("Starred") || !node.list("keywords").empty())
      return doubt(node, "the model is built with other values than those of its own get_init_inputs()");
    const Value inputs = value(given[0].child("value"), frame);
    if (!inputs) return std::nullopt;
    if (base.kind == LoadValue::bare || inputs->kind != LoadValue::init_inputs || inputs->text != base.text)
      return doubt(node, "the model is built with other values than those of its own get_init_inputs()");
    return LoadValue{LoadValue::instance, base.text};
  }
  const auto given = arguments(node, frame);
  if (!given) return std::nullopt;
  const bool none = given->empty();
  if (base.kind == LoadValue::table && none && (method == "items" || method == "values" || method == "keys")) {
    Value pairs = entries(node, base, frame);
    if (!pairs || method == "items") return pairs;
    for (LoadValue& pair : pairs->items) pair = LoadValue(pair.items[method == "keys" ? 0 : 1]);
    return pairs;
  }
  const bool texts = std::all_of(given->begin(), given->end(), is_textual);
  if (base.kind == LoadValue::module && method == "get_init_inputs" && none) return LoadValue{LoadValue::init_inputs, base.text};
  if (base.kind == LoadValue::instance && method == "eval" && none) return base;
  if (base.kind == LoadValue::source_loader && method == "load_module") return LoadValue{LoadValue::module, base.text};
  if (base.kind == LoadValue::path && texts) {
    if (none && (method == "resolve" || method == "absolute")) return base;
    if (none && method == "as_posix") return text_value(base.text);
    if (none && (method == "exists" || method == "is_file" || method == "is_dir")) return LoadValue{LoadValue::flag};
    if (!none && method == "joinpath") return path_value(joined_path(base.text, all_joined(*given)));
    if (given->size() == 1 && method == "with_name") return path_value(joined_path(folder_of(base.text), (*given)[0].text));
    if (given->size() == 1 && method == "with_suffix") return path_value(joined_path(folder_of(base.text), stem_of(last_part(base.text)) + (*given)[0].text));
  }
  if (base.kind == LoadValue::plain_text && texts)
    if (auto changed = text_method(base.text, method, *given)) return text_value(std::move(*changed));
  return doubt(node, "it calls `" + written(node.child("func")) + "`");
}

LoadEvaluator::Value LoadEvaluator::apply(const Node& call, const std::string& function, const Frame& frame) {
  const Node definition = constants_.at(function).node;
  const Node signature = definition.child("args");
  if (!definition.is("FunctionDef") || !definition.list("decorator_list").empty() || signature.child("kwarg"))
    return doubt(call, "`" + function + "` is no plain function");
  Frame inner;
  inner.depth = frame.depth + 1;
  for (const auto& [name, binding] : names_of_scope(definition)) inner.bound.insert(name);
  std::vector<Node> positional = signature.list("posonlyargs");
  for (const Node& parameter : signature.list("args")) positional.push_back(parameter);
  const auto defaults = signature.list("defaults");
  const Frame outside;
  for (std::size_t i = 0; i < defaults.size(); ++i)
    if (const Value made = value(defaults[i], outside)) inner.values[positional[positional.size() - defaults.size() + i].text("arg")] = *made;
  LoadValue rest{LoadValue::sequence};
  std::size_t place = 0;
  for (const Node& argument : call.list("args")) {
    const Value made = value(argument.is("Starred") ? argument.child("value") : argument, frame);
    if (!made) return std::nullopt;
    if (argument.is("Starred") && made->kind != LoadValue::sequence) return doubt(argument, "what is unpacked is no list");
    for (const LoadValue& one : argument.is("Starred") ? made->items : std::vector<LoadValue>{*made}) {
      if (place < positional.size())
        inner.values[positional[place].text("arg")] = one;
      else
        rest.items.push_back(one);
      ++place;
    }
  }
  if (const Node vararg = signature.child("vararg"))
    inner.values[vararg.text("arg")] = rest;
  else if (!rest.items.empty())
    return doubt(call, "`" + function + "` is given too many arguments");
  for (const Node& keyword : call.list("keywords")) {
    const Value made = value(keyword.child("value"), frame);
    if (!made || inner.bound.count(keyword.text("arg")) == 0) return doubt(keyword, "this argument cannot be followed");
    inner.values[keyword.text("arg")] = *made;
  }
  doubt_.reset();  // of defaults that were not needed
  Value returned = run(definition, inner);
  if (returned) applied_.insert(function);
  return returned;
}

LoadEvaluator::Value LoadEvaluator::run(const Node& function, Frame& frame) {
  for (const Node& statement : function.list("body")) {
    if (statement.is("Return")) return value(statement.child("value"), frame);
    if (does_nothing(statement)) continue;
    if (!helps(statement, frame)) return doubt(statement, "`" + function.text("name") + "` does more than load a file");
  }
  return doubt(function, "`" + function.text("name") + "` returns nothing");
}

bool LoadEvaluator::helps(const Node& statement, Frame& frame) {
  if (keeps_entry(statement, frame) || is_guard(statement, frame) || is_search_path(statement, frame) || is_own_import(statement, frame)) return true;
  std::vector<Node> targets = statement.list("targets");
  if (statement.is("AnnAssign")) targets = {statement.child("target")};
  if (targets.size() == 1 && statement.child("value") && (statement.is("Assign") || statement.is("AnnAssign"))) {
    const Value made = value(statement.child("value"), frame);
    if (!made) return false;
    if (targets[0].is("Name")) {
      frame.bound.insert(targets[0].text("id"));
      frame.values[targets[0].text("id")] = *made;
      return true;
    }
    // sys.modules["linear_6x6_fp32"] = module: never in the place of a library.
    if (targets[0].is("Subscript") && keep_entry(targets[0], *made, frame)) return true;
    if (!targets[0].is("Subscript") || global_path(targets[0].child("value"), frame) != "sys.modules" || !holds_file(*made)) return false;
    const Value key = value(targets[0].child("slice"), frame);
    if (!key || key->kind != LoadValue::plain_text) return false;
    const std::string root = key->text.substr(0, key->text.find('.'));
    return !GrammarLists::embedded().reserved_modules.has(root) && root != "torch" && root != "numpy";
  }
  // spec.loader.exec_module(module)
  const Node run = statement.is("Expr") ? statement.child("value") : Node();
  const Node method = run.child("func");
  const auto given = run.list("args");
  const bool entry = given.size() == 1 && given[0].is("Subscript") && frame.kept.count(given[0].child("value").text("id")) != 0;
  if (!method.is("Attribute") || method.text("attr") != "exec_module" || method.child("value").text("attr") != "loader" || given.size() != 1 ||
      (!given[0].is("Name") && !entry) || !run.list("keywords").empty())
    return false;
  const Value spec = value(method.child("value").child("value"), frame);
  const Value module = value(given[0], frame);
  if (!spec || !module || spec->kind != LoadValue::spec || !holds_file(*module) || spec->text != module->text) return false;
  if (entry) {
    frame.kept[given[0].child("value").text("id")].second.kind = LoadValue::module;
    return true;
  }
  const std::string filled = given[0].text("id");
  (frame.bound.count(filled) != 0 ? frame.values[filled] : constants_[filled]).kind = LoadValue::module;
  return true;
}

// if spec is None: raise ImportError(...), assert spec is not None
bool LoadEvaluator::is_guard(const Node& statement, const Frame& frame) {
  if (statement.is("Assert")) return is_harmless(statement.child("test"), frame) && (!statement.child("msg") || is_harmless(statement.child("msg"), frame));
  const auto body = statement.list("body");
  if (!statement.is("If") || body.size() != 1 || !statement.list("orelse").empty() || !is_harmless(statement.child("test"), frame)) return false;
  if (is_search_path(body[0], frame)) return true;
  const Node raised = body[0].child("exc");
  const Node type = raised.is("Call") ? raised.child("func") : raised;
  const std::string path = global_path(type, frame);
  if (!body[0].is("Raise") || path.rfind("builtins.", 0) != 0 || !GrammarLists::embedded().exceptions.has(path)) return false;
  const auto given = raised.list("args");
  return std::all_of(given.begin(), given.end(), [&](const Node& argument) { return is_harmless(argument, frame); });
}

// import importlib.util, inside a function
bool LoadEvaluator::is_own_import(const Node& statement, Frame& frame) {
  static const std::set<std::string> known = {"importlib", "os", "pathlib", "sys"};
  if (!statement.is("Import") && !statement.is("ImportFrom")) return false;
  for (const auto& [name, binding] : bindings_of_import(statement, {})) {
    if (binding.kind != Binding::path || known.count(binding.target.substr(0, binding.target.find('.'))) == 0) return false;
    frame.imports[name] = binding.target;
  }
  return true;
}

// sys.path.insert(0, str(FOLDER)), sys.path.append(...)
bool LoadEvaluator::is_search_path(const Node& statement, const Frame& frame) {
  const Node call = statement.is("Expr") ? statement.child("value") : Node();
  const std::string path = call.is("Call") ? global_path(call.child("func"), frame) : "";
  return (path == "sys.path.insert" || path == "sys.path.append") && arguments(call, frame).has_value();
}

// Looking at it changes nothing.
bool LoadEvaluator::is_harmless(const Node& node, const Frame& frame) {
  static const std::set<std::string_view> plain = {"Name", "Attribute", "Constant", "Compare", "BoolOp", "UnaryOp", "JoinedStr", "FormattedValue"};
  if (node.is("Call")) {
    const auto before = doubt_;
    const bool known = value(node, frame).has_value();
    doubt_ = before;
    return known;
  }
  if (plain.count(node.kind()) == 0) return false;
  const auto parts = node.children();
  return std::all_of(parts.begin(), parts.end(), [&](const Node& part) { return is_harmless(part, frame); });
}

}  // namespace decomp
