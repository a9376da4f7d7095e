#include "checks/composition_literals.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "checks/composition_file.h"

namespace decomp {
namespace {

// Writes JSON whose tokens stand where the literal's stand in its file, so that messages about the map name true lines.
class PlacedJson {
 public:
  bool write(const Node& node) {
    if (node.is("Constant")) return constant(node);
    if (node.is("List") || node.is("Tuple")) {
      put("[");
      if (!items(node.list("elts"))) return false;
      put("]");
      return true;
    }
    if (!node.is("Dict")) return false;
    const auto keys = node.list("keys");
    const auto values = node.list("values");
    put("{");
    for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i) {
      std::string key;
      if (!keys[i] || !string_constant(keys[i], key)) return false;
      if (i > 0) put(",");
      if (!write(keys[i])) return false;
      put(":");
      if (!write(values[i])) return false;
    }
    put("}");
    return true;
  }

  std::string text;

 private:
  bool items(const std::vector<Node>& nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (i > 0) put(",");
      if (!write(nodes[i])) return false;
    }
    return true;
  }

  bool constant(const Node& node) {
    const Json* value = node.raw("value");
    const std::string kind = value != nullptr ? value->value("kind", "") : "";
    go_to(node.line(), node.column());
    if (kind == "str") put((*value)["value"].dump());
    else if (kind == "int") put((*value)["value"].get<std::string>());
    else if (kind == "None") put("null");
    else return false;
    return true;
  }

  void put(const std::string& token) {
    text += token;
    column_ += static_cast<int>(token.size());
  }

  void go_to(int line, int column) {
    for (; line_ < line; ++line_) text += '\n', column_ = 1;
    for (; line_ == line && column_ < column; ++column_) text += ' ';
  }

  int line_ = 1;
  int column_ = 1;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// 'r' for rtol, 'a' for atol, by name; 0 for anything else.
char tolerance_kind(const std::string& name) {
  const std::string low = lower(name);
  const auto is = [&](const std::string& word) {
    return low == word || (low.size() > word.size() && (low.compare(low.size() - word.size() - 1, std::string::npos, "_" + word) == 0 || low.rfind(word + "_", 0) == 0));
  };
  return is("rtol") ? 'r' : is("atol") ? 'a' : 0;
}

std::optional<double> literal_number(const Node& node) {
  const Json* value = node.is("Constant") ? node.raw("value") : nullptr;
  const std::string kind = value != nullptr ? value->value("kind", "") : "";
  if (kind != "int" && kind != "float") return std::nullopt;
  return std::strtod((*value)["value"].get<std::string>().c_str(), nullptr);
}

}  // namespace

void LiteralReader::note(const std::vector<Node>& body) {
  for (const Node& statement : body) {
    auto targets = statement.list("targets");
    if (statement.is("AnnAssign")) targets = {statement.child("target")};
    if ((!statement.is("Assign") && !statement.is("AnnAssign")) || targets.size() != 1 || !targets[0].is("Name")) continue;
    if (const auto value = literal_number(statement.child("value"))) numbers_[targets[0].text("id")] = *value;
  }
}

std::optional<std::string> LiteralReader::weight_map(const std::vector<Node>& body) const {
  for (const Node& statement : body) {
    auto targets = statement.list("targets");
    if (statement.is("AnnAssign")) targets = {statement.child("target")};
    if (targets.size() != 1 || !targets[0].is("Name") || targets[0].text("id") != "WEIGHT_MAP") continue;
    PlacedJson json;
    if (statement.child("value").is("Dict") && json.write(statement.child("value"))) return json.text + "\n";
  }
  return std::nullopt;
}

std::optional<double> LiteralReader::number(const Node& node) const {
  if (node.is("Name"))
    if (const auto known = numbers_.find(node.text("id")); known != numbers_.end()) return known->second;
  return literal_number(node);
}

void LiteralReader::tolerances_below(const Node& node, const Facts& facts, std::vector<DeclaredTolerance>& found) const {
  const auto add = [&](char kind, const Node& value) {
    if (kind == 0 || !value) return;
    if (const auto given = number(value)) found.push_back({kind == 'r', *given, facts.at(value)});
  };
  if (node.is("Call")) {
    for (const Node& keyword : node.list("keywords")) add(tolerance_kind(keyword.text("arg")), keyword.child("value"));
    const Node function = node.child("func");
    const std::string name = function.is("Attribute") ? function.text("attr") : function.text("id");
    const auto arguments = node.list("args");
    if (name == "allclose" || name == "isclose") {
      // torch.allclose(a, b, rtol, atol) and a.allclose(b, rtol, atol)
      const bool method = function.is("Attribute") && module_ != nullptr && Scopes(*module_).resolve(function).kind != Resolved::path;
      const std::size_t first = method ? 1 : 2;
      for (std::size_t i = first; i < std::min(arguments.size(), first + 2); ++i) add(i == first ? 'r' : 'a', arguments[i]);
    }
  }
  if (node.is("Assign") || node.is("AnnAssign")) {
    auto targets = node.list("targets");
    if (node.is("AnnAssign")) targets = {node.child("target")};
    for (const Node& target : targets) {
      if (target.is("Name")) add(tolerance_kind(target.text("id")), node.child("value"));
      const auto names = target.list("elts");
      const auto values = node.child("value").list("elts");
      if (target.is("Tuple") && names.size() == values.size())
        for (std::size_t i = 0; i < names.size(); ++i) add(tolerance_kind(names[i].text("id")), values[i]);
    }
  }
  if (node.is("arguments")) {
    const auto named = node.list("args");
    const auto defaults = node.list("defaults");
    for (std::size_t i = 0; i < defaults.size() && i < named.size(); ++i)
      add(tolerance_kind(named[named.size() - defaults.size() + i].text("arg")), defaults[i]);
    const auto keyword_only = node.list("kwonlyargs");
    const auto keyword_defaults = node.list("kw_defaults");
    for (std::size_t i = 0; i < keyword_only.size() && i < keyword_defaults.size(); ++i)
      add(tolerance_kind(keyword_only[i].text("arg")), keyword_defaults[i]);
  }
  for (const Node& part : node.children()) tolerances_below(part, facts, found);
}

std::vector<DeclaredTolerance> LiteralReader::tolerances(const Facts& facts) const {
  std::vector<DeclaredTolerance> found;
  tolerances_below(facts.module(), facts, found);
  return found;
}

}  // namespace decomp
