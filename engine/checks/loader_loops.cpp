#include "checks/loader_loops.h"

#include <algorithm>

#include "checks/loaded_name.h"

namespace decomp {
namespace {

void count_uses(const Node& node, const std::string& name, std::size_t& uses, std::size_t& reads) {
  const auto is_it = [&](const Node& part) { return part.is("Name") && part.text("id") == name; };
  if (is_it(node)) ++uses;
  if (node.is("Subscript") && node.text("ctx").empty() && is_it(node.child("value"))) ++reads;
  if ((node.is("For") || node.is("comprehension")) && is_it(node.child("iter"))) ++reads;
  static const std::set<std::string> views = {"items", "values", "keys"};
  if (node.is("Attribute") && views.count(node.text("attr")) != 0 && is_it(node.child("value"))) ++reads;
  static const std::set<std::string> readers = {"enumerate", "zip", "list", "tuple", "reversed", "len", "sorted"};
  if (node.is("Call") && readers.count(node.child("func").text("id")) != 0)
    for (const Node& argument : node.list("args")) reads += is_it(argument);
  for (const Node& part : node.children()) count_uses(part, name, uses, reads);
}

}  // namespace

std::optional<Json> shelf_of(const LoadValue& value) {
  switch (value.kind) {
    case LoadValue::plain_text:
      return Json{{"value", value.text}};
    case LoadValue::integer:
      return Json{{"value", value.number}};
    case LoadValue::module:
      return Json{{"gives", "module"}, {"module", value.text}};
    case LoadValue::model:
      return Json{{"gives", "model"}, {"module", value.text}};
    case LoadValue::sequence: {
      Json items = Json::array();
      for (const LoadValue& item : value.items) {
        auto one = shelf_of(item);
        if (!one) return std::nullopt;
        items.push_back(std::move(*one));
      }
      return Json{{"items", std::move(items)}};
    }
    default:
      return std::nullopt;
  }
}

bool holds_files(const LoadValue& value) {
  if (value.kind == LoadValue::sequence) return std::any_of(value.items.begin(), value.items.end(), holds_files);
  return value.kind == LoadValue::module || value.kind == LoadValue::model || value.kind == LoadValue::instance || value.kind == LoadValue::bare;
}

Json constant_node(const LoadValue& value, const Node& at) {
  Json place = Json::array({at.line(), at.column(), at.end_line(), at.end_column()});
  if (value.kind == LoadValue::plain_text) return {{"_", "Constant"}, {"at", std::move(place)}, {"value", {{"kind", "str"}, {"value", value.text}}}};
  if (value.kind == LoadValue::integer) return {{"_", "Constant"}, {"at", std::move(place)}, {"value", {{"kind", "int"}, {"value", std::to_string(value.number)}}}};
  return nullptr;
}

void target_names(const Node& target, std::set<std::string>& names) {
  if (target.is("Name")) names.insert(target.text("id"));
  for (const Node& part : target.list("elts")) target_names(part, names);
}

std::size_t mentions_of(const Node& node, const std::set<std::string>& names) {
  std::size_t count = node.is("Name") && names.count(node.text("id")) != 0 ? 1 : 0;
  for (const Node& part : node.children()) count += mentions_of(part, names);
  return count;
}

bool leaves_loop(const Node& node) {
  if (node.is("Break") || node.is("Continue") || node.is("Return")) return true;
  const auto parts = node.children();
  return std::any_of(parts.begin(), parts.end(), leaves_loop);
}

bool only_read(const Node& module, const std::string& name) {
  std::size_t uses = 0, reads = 0;
  count_uses(module, name, uses, reads);
  return uses == reads + 1;
}

}  // namespace decomp
