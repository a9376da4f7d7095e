#include "core/facts.h"

#include "core/error.h"

namespace decomp {
namespace {

// facts.py stops at 200 levels of nodes; each is at most an object in a list.
constexpr int facts_depth = 1000;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::infrastructure, "the parser's answer about " + path + " cannot be used: " + why);
}

}  // namespace

std::string_view Node::kind() const {
  const Json* kind = raw("_");
  return kind && kind->is_string() ? std::string_view(kind->get_ref<const std::string&>()) : std::string_view();
}

const Json* Node::raw(std::string_view field) const {
  if (!*this) return nullptr;
  for (const auto& member : json_->get_ref<const Json::object_t&>())
    if (member.first == field) return &member.second;
  return nullptr;
}

Node Node::child(std::string_view field) const {
  const Json* value = raw(field);
  return value && value->is_object() ? Node(value) : Node();
}

std::vector<Node> Node::list(std::string_view field) const {
  std::vector<Node> nodes;
  const Json* value = raw(field);
  if (!value || !value->is_array()) return nodes;
  nodes.reserve(value->size());
  for (const Json& item : *value) nodes.push_back(item.is_object() ? Node(&item) : Node());
  return nodes;
}

std::string Node::text(std::string_view field) const {
  const Json* value = raw(field);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

int Node::position(std::size_t index) const {
  const Json* at = raw("at");
  return at ? (*at)[index].get<int>() : 0;
}

int Node::line() const { return position(0); }
int Node::column() const { return position(1); }
int Node::end_line() const { return position(2); }
int Node::end_column() const { return position(3); }

std::vector<Node> Node::children() const {
  std::vector<Node> nodes;
  if (!*this) return nodes;
  for (const auto& [name, field] : json_->get_ref<const Json::object_t&>()) {
    if (field.is_object() && field.contains("_")) {
      nodes.emplace_back(&field);
    } else if (field.is_array() && name != "at") {
      for (const Json& item : field)
        if (item.is_object()) nodes.emplace_back(&item);
    }
  }
  return nodes;
}

std::string Node::dotted() const {
  if (raw("ctx")) return "";
  if (is("Name")) return text("id");
  if (!is("Attribute")) return "";
  std::string path = child("value").dotted();
  if (!path.empty()) path += "." + text("attr");
  return path;
}

Location Facts::at(const Node& node) const {
  return {path, node.line(), node.column(), node.end_line(), node.end_column()};
}

Facts make_facts(std::string path, Json reply) {
  if (const auto why = validate_facts(reply)) refuse(path, *why);
  return {std::move(path), std::move(reply)};
}

Facts parse_facts(std::string path, std::string_view text) {
  auto parsed = parse_json(text, facts_depth);
  if (const auto* error = std::get_if<JsonError>(&parsed)) refuse(path, error->message);
  return make_facts(std::move(path), std::get<Json>(std::move(parsed)));
}

std::vector<Finding> facts_findings(const Facts& facts) {
  std::vector<Finding> findings;
  const auto number = [](const Json& object, const char* name) {
    return object.contains(name) && object[name].is_number_integer() ? object[name].get<int>() : 0;
  };
  if (const auto problem = facts.tree.find("problem"); problem != facts.tree.end()) {
    const std::string kind = (*problem)["kind"];
    const std::string message = (*problem)["message"];
    const int line = number(*problem, "line");
    const int column = number(*problem, "column");
    const Location where{facts.path, line, column, line, column ? column + 1 : 0};
    if (kind == "too-deep") {
      findings.push_back({"syntax-too-deep", Severity::error, where, message,
                          "give parts of the expression names of their own, or use a loop"});
    } else if (kind == "not-utf8") {
      findings.push_back({"file-not-utf8", Severity::error, where, message, "save the file as UTF-8"});
    } else {
      findings.push_back({"syntax-error", Severity::error, where, "Python cannot parse this file: " + message,
                          "run `python -m py_compile` on the file and correct what it reports"});
    }
  }
  if (const auto cookie = facts.tree.find("cookie"); cookie != facts.tree.end()) {
    const int line = number(*cookie, "line");
    findings.push_back({"file-coding-cookie", Severity::error, {facts.path, line, 1, line, 0},
                        "the coding comment names '" + cookie->value("name", "") + "'; decomp reads UTF-8 only",
                        "save the file as UTF-8 and delete the coding comment"});
  }
  return findings;
}

}  // namespace decomp
