// Is a reply of the parser a tree at all? schemas/facts.schema.json says the same, but takes milliseconds for each file.

#include <algorithm>
#include <array>

#include "core/facts.h"
#include "core/facts_fields.h"

namespace decomp {
namespace {

constexpr int max_levels = 256;  // facts.py stops at 200

using Problem = std::optional<std::string>;

Problem check_node(const Json& node, int level);

bool is_count(const Json& value, std::int64_t least) { return value.is_number_integer() && value.get<std::int64_t>() >= least; }

bool is_position(const Json& at) {
  return at.is_array() && at.size() == 4 && std::all_of(at.begin(), at.end(), [](const Json& n) { return is_count(n, 1); }) &&
         at[2].get<std::int64_t>() >= at[0].get<std::int64_t>() && at[3].get<std::int64_t>() <= INT32_MAX &&
         at[2].get<std::int64_t>() <= INT32_MAX && at[1].get<std::int64_t>() <= INT32_MAX;
}

// As facts.py writes Python's integers: decimal, or hexadecimal where that would take thousands of digits.
bool is_integer(const std::string& text) {
  const bool hex = text.rfind("0x", 0) == 0;
  const std::string digits = text.substr(hex ? 2 : 0);
  return !digits.empty() && digits.find_first_not_of(hex ? "0123456789abcdef" : "0123456789") == std::string::npos;
}

bool is_hex(const std::string& text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// The members of `object` are `required`, and some of `optional`.
bool has_members(const Json& object, std::initializer_list<std::string_view> required,
                 std::initializer_list<std::string_view> optional = {}) {
  if (!object.is_object()) return false;
  std::size_t found = 0;
  for (const auto& [name, value] : object.get_ref<const Json::object_t&>()) {
    if (std::find(required.begin(), required.end(), name) != required.end())
      ++found;
    else if (std::find(optional.begin(), optional.end(), name) == optional.end())
      return false;
  }
  return found == required.size();
}

Problem bad(const std::string& kind, const std::string& why) { return "a " + kind.substr(0, 40) + " node with " + why; }

Problem check_constant(const Json& value) {
  if (!has_members(value, {"kind", "value"}, {"surrogates"}) || !value["kind"].is_string())
    return bad("Constant", "a value that does not say its kind");
  const auto& kind = value["kind"].get_ref<const std::string&>();
  const Json& content = value["value"];
  bool fits = false;
  if (kind == "str" || kind == "float" || kind == "complex")
    fits = content.is_string();
  else if (kind == "int")
    fits = content.is_string() && is_integer(content.get_ref<const std::string&>());
  else if (kind == "bool")
    fits = content.is_boolean();
  else if (kind == "None" || kind == "Ellipsis")
    fits = content.is_null();
  else if (kind == "bytes")
    fits = content.is_string() && is_hex(content.get_ref<const std::string&>());
  else
    return bad("Constant", "a value of the unknown kind " + kind.substr(0, 40));
  return fits ? Problem() : bad("Constant", std::string("a ") + content.type_name() + " as " + kind);
}

Problem check_field(const std::string& kind, const std::string& name, const Json& field, int level) {
  if (field.is_object()) return check_node(field, level);
  if (field.is_string() || field.is_boolean() || field.is_number_integer()) return std::nullopt;
  if (!field.is_array() || field.empty()) return bad(kind, "a field " + name.substr(0, 40) + " that is empty or no tree");
  for (const Json& item : field) {
    if (item.is_object()) {
      if (Problem problem = check_node(item, level)) return problem;
    } else if (!item.is_string() && !item.is_null()) {
      return bad(kind, std::string("a ") + item.type_name() + " in the list " + name.substr(0, 40));
    }
  }
  return std::nullopt;
}

Problem check_node(const Json& node, int level) {
  if (level > max_levels) return "a tree of more than " + std::to_string(max_levels) + " levels";
  const auto& members = node.get_ref<const Json::object_t&>();
  if (members.empty() || members.front().first != "_" || !members.front().second.is_string()) return "a node without a kind";
  const auto& kind = members.front().second.get_ref<const std::string&>();
  const bool constant = kind == "Constant";
  if (constant && !has_members(node, {"_", "at", "value"})) return bad(kind, "other members than position and value");
  for (auto member = members.begin() + 1; member != members.end(); ++member) {
    Problem problem;
    if (member->first == "at")
      problem = is_position(member->second) ? Problem() : bad(kind, "a bad position");
    else
      problem = constant ? check_constant(member->second) : check_field(kind, member->first, member->second, level + 1);
    if (problem) return problem;
  }
  return check_node_fields(kind, node);
}

Problem check_body(const Json& body) {
  if (!body.is_array() || body.empty()) return "a Module with a body that is no list of statements";
  for (const Json& statement : body) {
    if (!statement.is_object()) return "a Module with a body that is no list of statements";
    if (Problem problem = check_node(statement, 1)) return problem;
  }
  return std::nullopt;
}

Problem check_problem(const Json& problem) {
  if (!has_members(problem, {"kind", "line", "column", "message"})) return "a problem without kind, line, column and message";
  static constexpr std::array<std::string_view, 4> kinds = {"syntax", "too-deep", "nul", "not-utf8"};
  if (!problem["kind"].is_string() || std::find(kinds.begin(), kinds.end(), problem["kind"].get_ref<const std::string&>()) == kinds.end())
    return "a problem of an unknown kind";
  if (!is_count(problem["line"], 0) || !is_count(problem["column"], 0) || !problem["message"].is_string())
    return "a problem with a bad place or message";
  return std::nullopt;
}

}  // namespace

Problem validate_facts(const Json& reply) {
  if (!reply.is_object()) return "it is no JSON object";
  if (const auto problem = reply.find("problem"); problem != reply.end())
    return reply.size() == 1 ? check_problem(*problem) : "a problem and a tree at once";
  const auto& members = reply.get_ref<const Json::object_t&>();
  if (members.empty() || members.front().first != "_" || members.front().second != "Module") return "neither a Module nor a problem";
  for (auto member = members.begin() + 1; member != members.end(); ++member) {
    const auto& [name, field] = *member;
    Problem problem;
    if (name == "body")
      problem = check_body(field);
    else if (name == "cookie")
      problem = has_members(field, {"line", "name"}) && is_count(field["line"], 1) && field["name"].is_string()
                    ? Problem()
                    : "a Module with a bad coding cookie";
    else
      problem = "a Module with the unknown field " + name.substr(0, 40);
    if (problem) return problem;
  }
  return std::nullopt;
}

}  // namespace decomp
