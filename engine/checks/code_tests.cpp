#include "checks/code_tests.h"

#include <cmath>

#include "checks/decisions.h"

namespace decomp {
namespace {

constexpr std::int64_t smallest_bound = 3, largest_bound = 4096;

bool is_template(const Node& statement) {
  static const std::set<std::string> functions = {"get_inputs", "get_input_kwargs", "get_expected_output_shape",
                                                  "run_tests", "get_init_inputs"};
  return statement.is("FunctionDef") && functions.count(statement.text("name")) != 0;
}

std::string constant_kind(const Node& node) {
  const Json* value = node.is("Constant") ? node.raw("value") : nullptr;
  return value != nullptr && value->is_object() ? value->value("kind", "") : "";
}

std::string constant_text(const Node& node) {
  const Json* value = node.raw("value");
  if (value == nullptr || !value->contains("value")) return "";
  const Json& text = (*value)["value"];
  return text.is_string() ? text.get<std::string>() : text.dump();
}

class Reader {
 public:
  CodeTests read(const Facts& facts) {
    for (const Node& statement : facts.module().list("body"))
      if (!is_template(statement)) walk(statement);
    if (tests_attribute_)
      for (const Node& statement : facts.module().list("body"))
        if (statement.is("ClassDef") || (statement.is("FunctionDef") && statement.text("name") == "get_init_inputs"))
          settings(statement, statement.is("FunctionDef"));
    return std::move(result_);
  }

 private:
  void bound(const Node& node) {
    const auto value = folded_number(node);
    if (value && std::floor(*value) == *value && std::abs(*value) >= smallest_bound && std::abs(*value) <= largest_bound)
      result_.bounds.insert(static_cast<std::int64_t>(std::abs(*value)));
  }

  // Every whole number in an expression, and whether it names an attribute of self.
  void operand(const Node& node) {
    bound(node);
    if (node.is("Attribute") && node.child("value").is("Name") && node.child("value").text("id") == "self")
      tests_attribute_ = true;
    for (const Node& child : node.children()) operand(child);
  }

  static bool decides_nothing(const Node& operand) {
    const std::string kind = constant_kind(operand);
    return kind == "None" || kind == "str";
  }

  void add_words(const Node& node) {
    if (constant_kind(node) == "str") result_.words.insert(constant_text(node));
    if (node.is("Tuple") || node.is("List") || node.is("Set"))
      for (const Node& child : node.children()) add_words(child);
  }

  void walk(const Node& node) {
    if (node.is("Compare")) {
      std::vector<Node> operands = node.list("comparators");
      operands.push_back(node.child("left"));
      bool counts = true;
      for (const Node& one : operands) {
        counts = counts && !decides_nothing(one);
        add_words(one);
      }
      if (counts) {
        result_.any = true;
        for (const Node& one : operands) operand(one);
      }
    }
    if (node.is("Call") && node.child("func").is("Name")) {
      const std::string name = node.child("func").text("id");
      if (name == "min" || name == "max") {
        result_.any = true;
        for (const Node& one : node.list("args")) operand(one);
      }
    }
    // The same as methods and functions of torch; and masks of a band.
    static const std::set<std::string> compare = {"eq", "ne",      "not_equal",  "lt",   "less", "le", "less_equal",
                                                  "gt", "greater", "ge", "greater_equal", "tril", "triu"};
    if (node.is("Call") && node.child("func").is("Attribute") && compare.count(node.child("func").text("attr")) != 0) {
      const std::size_t before = result_.bounds.size();
      for (const Node& one : node.list("args")) operand(one);
      for (const Node& one : node.list("keywords")) operand(one.child("value"));
      result_.any = result_.any || result_.bounds.size() > before;
    }
    if (node.is("Match") || (node.is("BinOp") && (node.text("op") == "Mod" || node.text("op") == "FloorDiv"))) {
      result_.any = true;
      operand(node);
    }
    if (node.is("Slice")) {
      const std::size_t before = result_.bounds.size();
      for (const char* end : {"lower", "upper"})
        if (Node one = node.child(end)) operand(one);
      result_.any = result_.any || result_.bounds.size() > before;
    }
    static const std::set<std::string> cut = {
        "detach",        "detach_",        "no_grad", "inference_mode", "set_grad_enabled",
        "requires_grad", "requires_grad_", "data",    "Function",       "autograd",
        "is_leaf",       "grad",           "numpy",   "item",           "tolist",
        "new_tensor",    "as_tensor",      "asarray"};
    const std::string name = node.is("Attribute") ? node.text("attr")
                             : node.is("Name")    ? node.text("id")
                             : node.is("alias")   ? node.text("name")
                                                  : "";
    if (cut.count(name) != 0 || takes_data_apart(node)) result_.gradients = true;
    for (const Node& child : node.children()) walk(child);
  }

  // Parameter(w, requires_grad=False), torch.tensor(of a tensor), x.view(torch.int32)
  static bool takes_data_apart(const Node& node) {
    if (node.is("keyword")) return node.text("arg") == "requires_grad";
    if (!node.is("Call") || !node.child("func").is("Attribute") || node.list("args").empty()) return false;
    const std::string name = node.child("func").text("attr");
    const Node first = node.list("args")[0];
    if (name == "tensor") return first.is("Name") || first.is("Call") || first.is("BinOp");
    return name == "view" && first.is("Attribute") && first.child("value").is("Name") && first.child("value").text("id") == "torch";
  }

  // Numbers that attributes may hold: literals in __init__, in class bodies and in get_init_inputs().
  void settings(const Node& node, bool inside) {
    if (inside) bound(node);
    const bool function = node.is("FunctionDef");
    for (const Node& child : node.children())
      settings(child,
               function ? inside || node.text("name") == "__init__" : inside || (node.is("Assign") && !function));
  }

  CodeTests result_;
  bool tests_attribute_ = false;
};

ForwardParameter parameter(const Node& argument, const Node& value, bool keyword_only) {
  ForwardParameter p{argument.text("arg"), "", "", keyword_only};
  if (!value) return p;
  p.kind = constant_kind(value);
  if (p.kind.empty() || p.kind == "bytes") p.kind = "other";
  p.value = value.is("Constant") ? constant_text(value) : "";
  return p;
}

}  // namespace

CodeTests code_tests(const Facts& facts) { return Reader().read(facts); }

ForwardParameters forward_parameters(const Facts& facts, const std::string& model_class) {
  ForwardParameters found;
  for (const Node& klass : facts.module().list("body")) {
    if (!klass.is("ClassDef") || klass.text("name") != model_class) continue;
    for (const Node& method : klass.list("body")) {
      if (!method.is("FunctionDef") || method.text("name") != "forward") continue;
      found = {};
      const Node args = method.child("args");
      std::vector<Node> plain = args.list("posonlyargs");
      for (const Node& a : args.list("args")) plain.push_back(a);
      const std::vector<Node> defaults = args.list("defaults");
      for (std::size_t i = 1; i < plain.size(); ++i) {
        const std::size_t with = plain.size() - std::min(plain.size(), defaults.size());
        found.list.push_back(parameter(plain[i], i >= with ? defaults[i - with] : Node(), false));
      }
      const std::vector<Node> keywords = args.list("kwonlyargs"), values = args.list("kw_defaults");
      for (std::size_t i = 0; i < keywords.size(); ++i)
        found.list.push_back(parameter(keywords[i], i < values.size() ? values[i] : Node(), true));
      found.takes_more = args.child("vararg") || args.child("kwarg");
    }
  }
  return found;
}

}  // namespace decomp
