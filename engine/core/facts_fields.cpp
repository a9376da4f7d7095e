#include "core/facts_fields.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "core/rules.h"

namespace decomp {
namespace {

struct Field {
  std::string name;
  std::string type;  // text, number, node, texts, nodes
  bool required = true;
  bool holes = false;  // of a list: items may be null
};

struct NodeKind {
  std::vector<Field> fields;
  std::vector<std::pair<std::string, std::string>> equal_lengths;
};

using NodeKinds = std::unordered_map<std::string, NodeKind>;

const NodeKinds& node_kinds() {
  static const NodeKinds kinds = [] {
    NodeKinds made;
    for (const auto& [kind, fields] : rule_data("python_nodes").at("fields").items())
      for (const auto& [name, type] : fields.items()) {
        std::string word = type.get<std::string>();
        const char mark = word.back();
        if (mark == '?' || mark == '+') word.pop_back();
        const bool list = word.back() == 's';
        made[kind].fields.push_back({name, word, list ? mark == '+' : mark != '?', list && mark == '?'});
      }
    for (const Json& row : rule_data("python_nodes").at("equal_lengths"))
      made[row.at(0).get<std::string>()].equal_lengths.emplace_back(row.at(1).get<std::string>(), row.at(2).get<std::string>());
    return made;
  }();
  return kinds;
}

bool fits(const Json& value, const Field& field) {
  if (field.type == "text") return value.is_string();
  if (field.type == "number") return value.is_number_integer() || value.is_boolean();
  if (field.type == "node") return value.is_object();
  if (!value.is_array() || value.empty()) return false;
  return std::all_of(value.begin(), value.end(), [&](const Json& item) {
    return field.type == "texts" ? item.is_string() : item.is_object() || (field.holes && item.is_null());
  });
}

std::size_t length(const Json& node, const std::string& field) {
  const auto found = node.find(field);
  return found == node.end() ? 0 : found->size();
}

}  // namespace

std::optional<std::string> check_node_fields(const std::string& kind, const Json& node) {
  const auto known = node_kinds().find(kind);
  if (known == node_kinds().end()) return std::nullopt;
  const auto problem = [&](const std::string& why) { return "a " + kind + " node with " + why; };
  const auto& members = node.get_ref<const Json::object_t&>();
  for (const Field& field : known->second.fields) {
    const auto member = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == field.name; });
    if (member == members.end() ? field.required : !fits(member->second, field))
      return problem(member == members.end() ? "no " + field.name : "a field " + field.name + " of the wrong kind");
  }
  for (const auto& [one, two] : known->second.equal_lengths)
    if (length(node, one) != length(node, two))
      return problem(std::to_string(length(node, one)) + " " + one + " and " + std::to_string(length(node, two)) + " " + two);
  return std::nullopt;
}

}  // namespace decomp
