#include "checks/decisions.h"

#include <cmath>
#include <map>
#include <optional>

namespace decomp {
namespace {

using Mask = unsigned;

constexpr Mask bit(Quantity q) { return static_cast<Mask>(q); }

const std::map<std::string, Mask>& asked_by_attribute() {
  static const std::map<std::string, Mask> all = {
      {"shape", bit(Quantity::size)},        {"nbytes", bit(Quantity::size) | bit(Quantity::dtype)},
      {"ndim", bit(Quantity::rank)},         {"dtype", bit(Quantity::dtype)},
      {"itemsize", bit(Quantity::dtype)},    {"device", bit(Quantity::device)},
      {"is_cuda", bit(Quantity::device)},    {"is_cpu", bit(Quantity::device)},
      {"is_mps", bit(Quantity::device)},     {"is_meta", bit(Quantity::device)},
      {"training", bit(Quantity::mode)},     {"is_leaf", bit(Quantity::gradient)},
      // requires_grad is not among them: what it decides shows where both models run with gradients.
       {"retains_grad", bit(Quantity::gradient)}};
  return all;
}

const std::map<std::string, Mask>& asked_by_call() {
  static const std::map<std::string, Mask> all = {
      {"size", bit(Quantity::size)},           {"numel", bit(Quantity::size)},
      {"nelement", bit(Quantity::size)},       {"dim", bit(Quantity::rank)},
      {"ndimension", bit(Quantity::rank)},     {"element_size", bit(Quantity::dtype)},
      {"is_floating_point", bit(Quantity::dtype)}, {"is_complex", bit(Quantity::dtype)},
      {"get_device", bit(Quantity::device)},   {"stride", bit(Quantity::layout)},
      {"is_contiguous", bit(Quantity::layout)}, {"storage_offset", bit(Quantity::layout)},
      // how many there are
      {"split", bit(Quantity::size)},          {"chunk", bit(Quantity::size)},
      {"unbind", bit(Quantity::size)},         {"tensor_split", bit(Quantity::size)}};
  return all;
}

// Python's own functions whose answer tells of what they are given.
const std::set<std::string>& transparent() {
  static const std::set<std::string> all = {"int",  "str",    "bool",   "float",     "abs",    "min", "max",    "sum",   "sorted", "tuple",
                                            "list", "set",    "dict",   "any",       "all",    "round", "hash", "divmod", "range", "enumerate",
                                            "zip",  "repr",   "ord",    "pow",       "next",   "iter", "frozenset", "format", "reversed", "map",
                                            "filter", "slice", "len",   "chr",       "bin",    "hex",  "oct",  "complex"};
  return all;
}

// Methods of Python's values whose answer tells of their object, and of what they are given.
const std::set<std::string>& python_methods() {
  static const std::set<std::string> all = {"get",   "index",   "count", "startswith", "endswith", "find",  "rfind", "format", "split",      "rsplit",
                                            "strip", "replace", "lower", "upper",      "keys",     "items", "pop",   "join",   "bit_length", "is_integer",
                                            "isdigit", "zfill", "setdefault", "as_integer_ratio", "removeprefix", "removesuffix", "copy"};
  return all;
}

bool is_template(const Node& statement) {
  static const std::set<std::string> functions = {"get_inputs", "get_input_kwargs", "get_expected_output_shape", "run_tests", "get_init_inputs"};
  return statement.is("FunctionDef") && functions.count(statement.text("name")) != 0;
}

bool calls_method(const Node& node, const char* method) {
  return node.is("Call") && node.child("func").is("Attribute") && node.child("func").text("attr") == method;
}

// not x.is_contiguous() / x.is_contiguous()
bool asks_contiguity(const Node& test) {
  return calls_method(test.is("UnaryOp") && test.text("op") == "Not" ? test.child("operand") : test, "is_contiguous");
}

// x = x.contiguous() and nothing else
bool makes_contiguous(const std::vector<Node>& body) {
  return body.size() == 1 && body[0].is("Assign") && calls_method(body[0].child("value"), "contiguous");
}

std::string constant_kind(const Node& node) {
  const Json* value = node.is("Constant") ? node.raw("value") : nullptr;
  return value != nullptr && value->is_object() ? value->value("kind", "") : "";
}

std::string constant_text(const Node& node) {
  const Json* value = node.raw("value");
  return value != nullptr && value->contains("value") && (*value)["value"].is_string() ? (*value)["value"].get<std::string>() : "";
}

}  // namespace

std::optional<double> folded_number(const Node& node) {
  const std::string kind = constant_kind(node);
  if (kind == "int" || kind == "float") {
    const std::string text = constant_text(node);
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end != text.c_str() && *end == 0) return value;
    return std::nullopt;
  }
  if (kind == "bool") return node.raw("value")->value("value", false) ? 1 : 0;
  if (node.is("UnaryOp")) {
    const auto operand = folded_number(node.child("operand"));
    if (!operand) return std::nullopt;
    const std::string op = node.text("op");
    return op == "USub" ? -*operand : op == "UAdd" ? *operand : op == "Invert" ? -*operand - 1 : std::optional<double>();
  }
  if (node.is("BinOp")) {
    const auto left = folded_number(node.child("left")), right = folded_number(node.child("right"));
    if (!left || !right) return std::nullopt;
    const std::string op = node.text("op");
    if (op == "Add") return *left + *right;
    if (op == "Sub") return *left - *right;
    if (op == "Mult") return *left * *right;
    if (op == "Div" && *right != 0) return *left / *right;
    if (op == "FloorDiv" && *right != 0) return std::floor(*left / *right);
    if (op == "Mod" && *right != 0) return *left - *right * std::floor(*left / *right);
    if (op == "Pow") return std::pow(*left, *right);
    if (op == "LShift") return *left * std::exp2(*right);
    if (op == "RShift") return std::floor(*left / std::exp2(*right));
    const double most = 1e15;
    if (std::abs(*left) > most || std::abs(*right) > most) return std::nullopt;
    const auto l = static_cast<std::int64_t>(*left), r = static_cast<std::int64_t>(*right);
    if (op == "BitOr") return static_cast<double>(l | r);
    if (op == "BitAnd") return static_cast<double>(l & r);
    if (op == "BitXor") return static_cast<double>(l ^ r);
    return std::nullopt;
  }
  if (node.is("Call") && node.child("func").is("Name") && node.list("args").size() == 1) {
    const std::string name = node.child("func").text("id");
    const Node argument = node.list("args")[0];
    if (name == "len" && constant_kind(argument) == "str") return static_cast<double>(constant_text(argument).size());
    if (name == "len" && (argument.is("Tuple") || argument.is("List") || argument.is("Set")))
      return static_cast<double>(argument.list("elts").size());
    if ((name == "int" || name == "float") && constant_kind(argument) == "str") {
      const std::string text = constant_text(argument);
      char* end = nullptr;
      const double value = std::strtod(text.c_str(), &end);
      if (end != text.c_str()) return value;
    }
    if (name == "ord" && constant_text(argument).size() == 1) return static_cast<double>(static_cast<unsigned char>(constant_text(argument)[0]));
    if (name == "int" || name == "round" || name == "float") return folded_number(argument);
  }
  return std::nullopt;
}

namespace {

class Reader {
 public:
  explicit Reader(const Facts& facts) : facts_(facts) {}

  Decisions read() {
    std::vector<Node> statements;
    for (const Node& statement : facts_.module().list("body"))
      if (!is_template(statement)) statements.push_back(statement);
    for (const Node& statement : statements) functions_of(statement);
    // Names first, until nothing new is known of any.
    for (known_ = 0, changed_ = true; changed_ && known_ < 20; ++known_) {
      changed_ = false;
      for (const Node& statement : statements) walk(statement);
    }
    found_.list.clear();
    reporting_ = true;
    for (const Node& statement : statements) walk(statement);
    if (found_.on(Quantity::size) || cuts_)
      for (const Node& statement : statements) numbers(statement, false);
    return std::move(found_);
  }

 private:
  void functions_of(const Node& node) {
    if (node.is("FunctionDef")) functions_.emplace(node.text("name"), node);
    for (const Node& part : node.children()) functions_of(part);
  }

  void learn(const std::string& name, Mask mask) {
    Mask& known = names_[name];
    changed_ = changed_ || (mask & ~known) != 0;
    known |= mask;
  }

  Mask of_name(const std::string& name) const {
    auto it = names_.find(name);
    return it == names_.end() ? 0 : it->second;
  }

  void bind(const Node& target, Mask mask) {
    if (mask == 0) return;
    if (target.is("Name")) learn(target.text("id"), mask);
    if (target.is("Attribute")) learn("." + target.text("attr"), mask);
    if (target.is("Subscript") || target.is("Starred")) bind(target.child("value"), mask);
    for (const Node& part : target.list("elts")) bind(part, mask);
  }

  Mask all_of(const std::vector<Node>& nodes) {
    Mask mask = 0;
    for (const Node& node : nodes) mask |= value_of(node);
    return mask;
  }

  // What the arguments of a call to a function of this file tell its parameters.
  Mask own_call(const std::string& name, const Node& call, bool method) {
    const auto [begin, end] = functions_.equal_range(name);
    for (auto it = begin; it != end; ++it) {
      const Node args = it->second.child("args");
      std::vector<Node> plain = args.list("posonlyargs");
      for (const Node& a : args.list("args")) plain.push_back(a);
      std::size_t at = method ? 1 : 0;
      for (const Node& given : call.list("args")) {
        if (at < plain.size()) learn(plain[at].text("arg"), value_of(given));
        ++at;
      }
      for (const Node& given : call.list("keywords")) learn(given.text("arg"), value_of(given.child("value")));
    }
    return of_name(name + "()");
  }

  // What the value of an expression tells.
  Mask value_of(const Node& node) {
    const std::string_view kind = node.kind();
    if (kind == "Name") return of_name(node.text("id"));
    if (kind == "Attribute") {
      const std::string name = node.text("attr");
      if (auto it = asked_by_attribute().find(name); it != asked_by_attribute().end()) return it->second;
      // A view of a tensor is a tensor.
      if (name == "T" || name == "mT" || name == "H" || name == "mH" || name == "real" || name == "imag") return 0;
      return of_name("." + name) | value_of(node.child("value"));
    }
    if (kind == "Call") return of_call(node);
    if (kind == "IfExp") return value_of(node.child("body")) | value_of(node.child("orelse"));  // its test is a decision of its own
    if (kind == "Lambda" || kind == "Constant" || kind.empty()) return 0;
    if (kind == "Subscript") return value_of(node.child("value")) | (node.child("slice").is("Slice") ? 0 : value_of(node.child("slice")));
    if (kind == "Compare") {
      for (const Node& one : node.list("comparators"))
        if (constant_kind(one) == "None") return 0;
    }
    if (kind == "NamedExpr") return value_of(node.child("value"));
    if (kind == "ListComp" || kind == "SetComp" || kind == "GeneratorExp") return value_of(node.child("elt"));
    if (kind == "DictComp") return value_of(node.child("key")) | value_of(node.child("value"));
    return all_of(node.children());
  }

  Mask of_call(const Node& call) {
    const Node function = call.child("func");
    if (function.is("Name")) {
      const std::string name = function.text("id");
      if (functions_.count(name) != 0) return own_call(name, call, false);
      if (name == "isinstance") return 0;
      if (name == "len") return bit(Quantity::size) | all_of(call.list("args"));
      Mask mask = 0;
      if (name == "sum")  // sum(1 for row in x)
        for (const Node& argument : call.list("args"))
          if (argument.is("GeneratorExp") || argument.is("ListComp")) mask |= bit(Quantity::size);
      if (transparent().count(name) != 0) return mask | all_of(call.list("args"));
      return 0;
    }
    if (!function.is("Attribute")) return 0;
    const std::string name = function.text("attr");
    if (auto it = asked_by_call().find(name); it != asked_by_call().end()) return it->second;
    const Node owner = function.child("value");
    if (functions_.count(name) != 0 && (owner.is("Name") || owner.is("Call"))) return own_call(name, call, true);
    if (owner.is("Name") && owner.text("id") == "math") return all_of(call.list("args"));
    if (python_methods().count(name) != 0) return value_of(owner) | all_of(call.list("args"));
    return 0;
  }

  void decide(const Node& at, Mask mask) {
    if (mask != 0 && reporting_) found_.list.push_back({mask, facts_.at(at), asked_in(at)});
  }

  // The first attribute below that asks something.
  static std::string asked_in(const Node& node) {
    if (node.is("Attribute")) {
      const std::string name = node.text("attr");
      if (asked_by_attribute().count(name) != 0 || asked_by_call().count(name) != 0) return name;
    }
    for (const Node& part : node.children())
      if (std::string found = asked_in(part); !found.empty()) return found;
    return "";
  }

  // Loops over all of a dimension are what sizes are for; a bound of its own in the loop is not.
  Mask of_loop(const Node& iterated) {
    Mask mask = value_of(iterated);
    if (iterated.is("Call") && iterated.child("func").is("Name")) {
      const std::string name = iterated.child("func").text("id");
      const std::vector<Node> args = iterated.list("args");
      const bool plain = args.size() == 1 || (args.size() == 2 && folded_number(args[0]).value_or(99) <= 1);
      if ((name == "range" && plain) || name == "enumerate" || name == "zip" || name == "reversed") mask &= ~bit(Quantity::size);
    }
    return mask & ~bit(Quantity::rank);
  }

  // A number made of it that an operation is given; the things themselves (x.dtype, x.device, self.training) go where they belong.
  void given_to_operation(const Node& call, const Node& argument) {
    const Node function = call.child("func");
    const std::string name = function.is("Attribute") ? function.text("attr") : function.text("id");
    if (name == "as_strided" || name == "empty_strided" || name == "new_empty_strided" || name == "as_strided_" || name == "Parameter" ||
        functions_.count(name) != 0 || transparent().count(name) != 0)
      return;
    Mask mask = value_of(argument) & ~(bit(Quantity::size) | bit(Quantity::rank));
    const bool plain = argument.is("Attribute") || argument.is("Name");
    if (plain) mask &= bit(Quantity::layout);
    decide(argument, mask);
  }

  void walk(const Node& node) {
    const std::string_view kind = node.kind();
    if (kind.empty() || kind == "Constant") return;
    if (kind == "FunctionDef") {
      const std::string outer = function_;
      function_ = node.text("name");
      // What calls train() and eval() change is there for a branch.
      if (function_ == "train" || function_ == "eval") decide(node, bit(Quantity::mode));
      for (const Node& part : node.list("body")) walk(part);
      function_ = outer;
      return;
    }
    if (kind == "Assign") {
      for (const Node& target : node.list("targets")) {
        const Node value = node.child("value");
        const std::vector<Node> parts = target.list("elts"), given = value.list("elts");
        if (target.is("Tuple") && value.is("Tuple") && parts.size() == given.size())
          for (std::size_t i = 0; i < parts.size(); ++i) bind(parts[i], value_of(given[i]));
        else
          bind(target, value_of(value));
      }
    } else if (kind == "AnnAssign" || kind == "AugAssign" || kind == "NamedExpr") {
      // What a loop counts up is as large as what it goes over.
      bind(node.child("target"), value_of(node.child("value")) | (kind == "AugAssign" && loops_ > 0 ? bit(Quantity::size) : 0));
      if (kind == "AnnAssign") {
        walk(node.child("value"));
        return;
      }
    } else if (kind == "For" || kind == "comprehension") {
      const Node iterated = node.child("iter");
      const std::string by = iterated.is("Call") ? iterated.child("func").text("id") : "";
      bind(node.child("target"), value_of(iterated) | (by == "enumerate" || by == "zip" ? bit(Quantity::size) : 0));
      decide(iterated, of_loop(iterated));
      for (const Node& test : node.list("ifs")) decide(test, value_of(test));
    } else if (kind == "Return" && !function_.empty()) {
      learn(function_ + "()", value_of(node.child("value")));
    } else if (kind == "If") {
      if (asks_contiguity(node.child("test")) && makes_contiguous(node.list("body")) && node.list("orelse").empty()) return;
      // A model for one case only that says so.
      const std::vector<Node> body = node.list("body");
      if (!(body.size() == 1 && body[0].is("Raise") && node.list("orelse").empty())) decide(node.child("test"), value_of(node.child("test")));
    } else if (kind == "IfExp") {
      if (asks_contiguity(node.child("test")) && (calls_method(node.child("body"), "contiguous") || calls_method(node.child("orelse"), "contiguous")))
        return;
      decide(node.child("test"), value_of(node.child("test")));
    } else if (kind == "While") {
      decide(node.child("test"), value_of(node.child("test")));
    } else if (kind == "Assert") {
      return;
    } else if (kind == "Raise") {
      return;
    } else if (kind == "Match") {
      decide(node.child("subject"), value_of(node.child("subject")));
    } else if (kind == "BoolOp") {
      decide(node, value_of(node));
    } else if (kind == "UnaryOp" && node.text("op") == "Not") {
      decide(node, value_of(node));
    } else if (kind == "Compare") {
      decide(node, value_of(node));
    } else if (kind == "Subscript" && node.text("ctx").empty()) {
      // An index into Python's containers and a bound of a slice may both choose.
      const Node slice = node.child("slice");
      const Mask mask = slice.is("Slice") ? 0 : value_of(slice);
      if (!node.child("value").is("Attribute") || node.child("value").text("attr") != "shape") decide(slice, mask);
    } else if (kind == "Call") {
      const Node function = node.child("func");
      const std::string name = function.is("Attribute") ? function.text("attr") : "";
      if (name == "get" || name == "index" || name == "pop" || name == "setdefault" || name == "startswith" || name == "endswith" || name == "count")
        decide(node, value_of(node));
      if (function.is("Name") && (function.text("id") == "min" || function.text("id") == "max")) decide(node, value_of(node));
      for (const Node& argument : node.list("args")) given_to_operation(node, argument);
      for (const Node& argument : node.list("keywords")) given_to_operation(node, argument.child("value"));
      of_call(node);  // for what parameters are given
    } else if (kind == "BinOp") {
      const std::string op = node.text("op");
      // What is cut off tells where the cut is.
      if (op == "Mod" || op == "FloorDiv" || op == "RShift" || op == "BitAnd") decide(node, value_of(node) & bit(Quantity::size));
    }
    if (kind == "Try") decide(node, bit(Quantity::size));  // an index that is out of range may decide
    if (kind == "Slice")
      for (const char* end : {"lower", "upper"})
        if (const Node bound = node.child(end); (value_of(bound) & bit(Quantity::size)) != 0) cuts_ = true;
    if (kind == "Slice")
      for (const char* end : {"lower", "upper"})
        if (const Node bound = node.child(end); bound.is("BinOp") && folded_number(bound)) decide(bound, bit(Quantity::size));
    loops_ += kind == "For" || kind == "While" ? 1 : 0;
    for (const Node& part : node.children()) walk(part);
    loops_ -= kind == "For" || kind == "While" ? 1 : 0;
  }

  void add_number(double value) {
    for (const double near : {std::floor(value), std::ceil(value)})
      if (near >= 3 && near <= 65536) found_.numbers.insert(static_cast<std::int64_t>(near));
  }

  // In functions other than __init__, and what __init__ keeps.
  void numbers(const Node& node, bool inside) {
    if (node.is("FunctionDef")) {
      inside = node.text("name") != "__init__";
      for (const Node& part : node.list("body")) {
        if (!inside && part.is("Assign") && !part.child("value").is("Call")) numbers(part.child("value"), true);
        if (inside) numbers(part, true);
      }
      return;
    }
    if (inside) {
      if (const auto value = folded_number(node)) {
        add_number(*value);
        if (node.is("Constant") || node.is("UnaryOp")) return;
      }
      const std::string op = node.is("BinOp") ? node.text("op") : "";
      if (op == "RShift" || op == "LShift")
        if (const auto by = folded_number(node.child("right")); by && *by > 0 && *by < 17) add_number(std::exp2(*by));
      if (op == "FloorDiv" || op == "Mod")
        if (const auto by = folded_number(node.child("right"))) add_number(2 * *by);
      if (node.is("Compare"))
        for (const Node& one : node.list("comparators"))
          if (const auto value = folded_number(one); value && *value > 0) {  // of a square or a product of two sizes
            add_number(std::sqrt(*value));
            add_number(*value / 2);
          }
      if (constant_kind(node) == "str") {  // a number as text
        const std::string text = constant_text(node);
        if (!text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos) add_number(std::strtod(text.c_str(), nullptr));
      }
    }
    for (const Node& part : node.children()) numbers(part, inside);
  }

  const Facts& facts_;
  Decisions found_;
  std::map<std::string, Mask> names_;  // "x", ".attribute", "function()"
  std::multimap<std::string, Node> functions_;
  std::string function_;
  bool changed_ = false, reporting_ = false;
  bool cuts_ = false;  // something at a size: what is cut may be longer
  int known_ = 0, loops_ = 0;
};

}  // namespace

Decisions decisions(const Facts& facts) { return Reader(facts).read(); }

std::vector<Finding> refused_decisions(const Decisions& judged, const Decisions& original) {
  static const std::map<Quantity, std::string> things = {{Quantity::layout, "how its memory is laid out"},
                                                         {Quantity::device, "the device that it lies on"},
                                                         {Quantity::gradient, "where it stands in the graph of gradients"}};
  std::vector<Finding> findings;
  for (const auto& [quantity, thing] : things) {
    const Decision* decision = judged.first(quantity);
    if (decision == nullptr || original.on(quantity)) continue;
    findings.push_back({"grammar-probe", Severity::error, decision->where,
                        "decides by `" + (decision->text.empty() ? "an attribute" : "." + decision->text) + "` of a tensor, " + thing +
                            ", and the original does not: no trial can show both ways",
                        "Compute the same whatever the answer; `x.contiguous()` needs no test, and `device=x.device` is no branch."});
  }
  return findings;
}

}  // namespace decomp
