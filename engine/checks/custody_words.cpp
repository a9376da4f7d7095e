#include "checks/custody_words.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace decomp {
namespace {

// Every node becomes its kind, its fields by name, and an end; so that two trees with equal words are equal.
class Writer {
 public:
  Writer(const ModuleNames& module, StatementWords& out) : module_(module), out_(out), scopes_(module.names) {}

  void statement(const Node& node) {
    if (counts(node)) visit(node);
  }

 private:
  bool counts(const Node& statement) const {
    return !does_nothing(statement) || (module_.keeps_text && statement.is("Expr"));
  }

  void word(std::string text, const Node& at) {
    if (at.line() > 0) place_ = at;
    out_.pieces.push_back({std::move(text), place_});
  }
  void end() { word("}", Node()); }

  void visit(const Node& node) {
    if (!node)
      word("nothing", Node());
    else if (folded(node))
      return;
    else if (node.is("Name"))
      name(node);
    else if (node.is("Attribute"))
      attribute(node);
    else if (node.is("Constant"))
      constant(node);
    else if (is_function(node))
      function(node);
    else if (node.is("ClassDef"))
      klass(node);
    else if (node.is("AnnAssign"))
      annotated(node);
    else if (is_comprehension(node))
      comprehension(node);
    else
      generic(node);
  }

  void body(std::string field, const std::vector<Node>& statements) {
    word(std::move(field), Node());
    for (const Node& part : statements) statement(part);
    end();
  }

  void list(const char* field, const std::vector<Node>& nodes) {
    word(field, Node());
    for (const Node& node : nodes) visit(node);
    end();
  }

  // An expression of constants is what it is worth, however it is written.
  bool folded(const Node& node) {
    if (!node.is("Constant") && !node.is("Name") && !node.is("UnaryOp") && !node.is("BinOp") && !node.is("Tuple")) return false;
    const auto value = constant_value(node, module_.constants, scopes_);
    if (value) worth(*value, node);
    return value.has_value();
  }

  void worth(const Json& value, const Node& node) {
    if (value.at("kind") != "tuple") return word("constant " + value.dump(), node);
    word("Tuple", node);
    if (!value.at("items").empty()) {
      word(".elts", Node());
      for (const Json& item : value.at("items")) worth(item, node);
      end();
    }
    end();
  }

  // torch.rand((2, 3), dtype=torch.float32) makes what torch.rand(2, 3) makes.
  bool is_factory(const Node& callee) const {
    static const std::set<std::string_view> factories = {"torch.rand", "torch.randn", "torch.zeros", "torch.ones"};
    const Resolved called = scopes_.resolve(callee);
    return called.kind == Resolved::path && factories.count(called.target) != 0;
  }

  void factory(const Node& node) {
    std::vector<Node> sizes = node.list("args"), keywords = node.list("keywords");
    if (sizes.size() == 1 && (sizes[0].is("Tuple") || sizes[0].is("List")) && !sizes[0].list("elts").empty()) sizes = sizes[0].list("elts");
    std::erase_if(keywords, [this](const Node& keyword) {
      const Resolved value = scopes_.resolve(keyword.child("value"));
      return keyword.text("arg") == "dtype" && value.kind == Resolved::path && value.target == "torch.float32" && !module_.sets_dtype;
    });
    word("Call", node);
    list(".args", sizes);
    list(".func", {node.child("func")});
    list(".keywords", keywords);
    end();
  }

  void generic(const Node& node) {
    if (node.is("Call") && is_factory(node.child("func"))) return factory(node);

    word(std::string(node.kind()), node);
    for (const auto& [key, value] : node.json()->get_ref<const Json::object_t&>()) {
      if (key == "_" || key == "at") continue;
      if (key == "body" || key == "orelse" || key == "finalbody") {
        const auto parts = value.is_array() ? node.list(key) : std::vector<Node>{node.child(key)};
        if (std::any_of(parts.begin(), parts.end(), [this](const Node& part) { return counts(part); }))
          body("." + key, parts);
      } else if (value.is_array()) {
        word("." + key, Node());
        for (const Json& item : value) plain_or_node(item);
        end();
      } else {
        word("." + key, Node());
        plain_or_node(value);
      }
    }
    end();
  }

  void plain_or_node(const Json& value) {
    if (value.is_object())
      visit(Node(&value));
    else
      word("text " + value.dump(), Node());
  }

  void name(const Node& node) {
    const std::string id = node.text("id");
    const Binding* binding = scopes_.find(id);
    const bool of_module = binding == nullptr || scopes_.is_global(id);
    if (of_module && binding != nullptr && binding->kind != Binding::path) {
      out_.mentions.insert(id);
      word(id == module_.model && !module_.keeps_name ? "model" : "global " + id, node);
    } else if (of_module) {
      word("path " + scopes_.resolve(node).target, node);
    } else {
      word("name " + id, node);
    }
    if (node.raw("ctx")) word(node.text("ctx"), node);
  }

  void attribute(const Node& node) {
    const Resolved resolved = scopes_.resolve(node);
    if (resolved.kind != Resolved::path) return generic(node);
    word("path " + resolved.target, node);
    if (node.raw("ctx")) word(node.text("ctx"), node);
  }

  void constant(const Node& node) {
    const Json& value = *node.raw("value");
    std::string text = "constant " + value.dump();
    // The facts do not say which surrogates stood there: such a text equals only itself.
    if (value.contains("surrogates")) text += " " + std::to_string(reinterpret_cast<std::uintptr_t>(node.json()));
    word(std::move(text), node);
  }

  void annotation(const Node& node) {
    if (node && (module_.keeps_text || runs_code(node))) list("annotation", {node});
  }

  void function(const Node& node) {
    word(std::string(node.kind()), node);
    if (!node.is("Lambda")) defined_name(node);
    list(".decorators", node.list("decorator_list"));
    const Node arguments = node.child("args");
    for (const char* field : {"posonlyargs", "args", "kwonlyargs"}) {
      word(field, Node());
      for (const Node& parameter : arguments.list(field)) word("name " + parameter.text("arg"), parameter);
      end();
    }
    for (const char* field : {"vararg", "kwarg"})
      if (const Node parameter = arguments.child(field))
        word(std::string(field) + " " + parameter.text("arg"), parameter);
    list(".defaults", arguments.list("defaults"));
    list(".kw_defaults", arguments.list("kw_defaults"));
    for (const Node& parameter : parameters(node)) annotation(parameter.child("annotation"));
    annotation(node.child("returns"));
    const bool around = std::exchange(fields_, false);
    scopes_.push(Scopes::function, names_of_scope(node));
    ++depth_;
    if (node.is("Lambda"))
      visit(node.child("body"));
    else
      body(".body", node.list("body"));
    --depth_;
    scopes_.pop();
    fields_ = around;
    end();
  }

  void klass(const Node& node) {
    word("ClassDef", node);
    defined_name(node);
    list(".decorators", node.list("decorator_list"));
    list(".bases", node.list("bases"));
    list(".keywords", node.list("keywords"));
    // In a dataclass or a NamedTuple the annotations are the fields.
    const auto bases = node.list("bases");
    const bool plain = node.list("decorator_list").empty() && node.list("keywords").empty() &&
                       std::all_of(bases.begin(), bases.end(), [this](const Node& base) {
                         const Resolved resolved = scopes_.resolve(base);
                         return resolved.kind == Resolved::path && resolved.target == "torch.nn.Module";
                       });
    const bool around = std::exchange(fields_, !plain);
    scopes_.push(Scopes::klass, names_of_scope(node));
    ++depth_;
    body(".body", node.list("body"));
    --depth_;
    scopes_.pop();
    fields_ = around;
    end();
  }

  // The class that is the model has one name, whatever it is called.
  void defined_name(const Node& node) {
    const std::string name = node.text("name");
    word(depth_ == 0 && name == module_.model && !module_.keeps_name ? "model" : "text " + name, node);
  }

  void annotated(const Node& node) {
    const Node target = node.child("target");
    const Node value = node.child("value");
    if (fields_ || module_.keeps_text || runs_code(node.child("annotation"))) return generic(node);
    if (value) {
      word("Assign", node);
      list(".targets", {target});
      word(".value", Node());
      visit(value);
      end();
    } else if (target.is("Name") && depth_ > 0) {
      word("declare " + target.text("id"), node);  // makes it a local name
    }
  }

  void comprehension(const Node& node) {
    const auto generators = node.list("generators");
    if (generators.empty()) return generic(node);
    word(std::string(node.kind()), node);
    visit(generators[0].child("iter"));  // seen from outside
    scopes_.push(Scopes::comprehension, comprehension_bindings(node));
    for (std::size_t i = 0; i < generators.size(); ++i) {
      const Json* async = generators[i].raw("is_async");
      word(async && *async != 0 ? "async for" : "for", Node());
      visit(generators[i].child("target"));
      if (i > 0) visit(generators[i].child("iter"));
      list(".ifs", generators[i].list("ifs"));
    }
    for (const char* field : {"elt", "key", "value"})
      if (const Node part = node.child(field)) visit(part);
    scopes_.pop();
    end();
  }

  const ModuleNames& module_;
  StatementWords& out_;
  Scopes scopes_;
  Node place_;
  int depth_ = 0;        // of functions and classes
  bool fields_ = false;  // in the body of a class whose annotations count
};

}  // namespace

StatementWords words_of(const ModuleNames& module, const Node& statement) {
  StatementWords words;
  Writer(module, words).statement(statement);
  return words;
}

}  // namespace decomp
