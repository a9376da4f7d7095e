// Lists and dicts of what loader functions load, and loops over them.

#include <algorithm>

#include "checks/loader_loops.h"
#include "checks/loader_paths.h"
#include "checks/loader_values.h"

namespace decomp {
namespace {

constexpr std::size_t max_elements = 4096;

}  // namespace

bool LoadEvaluator::bind(const Node& target, const LoadValue& element, Frame& frame) {
  if (target.is("Name")) {
    frame.bound.insert(target.text("id"));
    frame.values[target.text("id")] = element;
    return true;
  }
  const auto parts = target.list("elts");
  if ((!target.is("Tuple") && !target.is("List")) || element.kind != LoadValue::sequence || parts.size() != element.items.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!bind(parts[i], element.items[i], frame)) return false;
  return true;
}

std::optional<std::vector<LoadValue>> LoadEvaluator::elements(const Node& expression, const Frame& frame) {
  const Value found = value(expression, frame);
  if (!found) return std::nullopt;
  if (found->kind == LoadValue::sequence) return found->items;
  if (found->kind == LoadValue::table) {  // a loop over a dict goes through its keys
    const Value pairs = entries(expression, *found, frame);
    if (!pairs) return std::nullopt;
    std::vector<LoadValue> keys;
    for (const LoadValue& pair : pairs->items) keys.push_back(pair.items[0]);
    return keys;
  }
  doubt(expression, "what the loop goes through cannot be told");
  return std::nullopt;
}

bool LoadEvaluator::is_of_files(const LoadValue& value) {
  if (value.kind == LoadValue::sequence) return holds_files(value);
  const Value pairs = entries(value.node, value, {});
  take_doubt();
  return !pairs || holds_files(*pairs);
}

// [load(name) for name in NAMES]
LoadEvaluator::Value LoadEvaluator::comprehension(const Node& node, const Frame& frame) {
  const auto generators = node.list("generators");
  if (generators.size() != 1 || !generators[0].list("ifs").empty()) return doubt(node, "the comprehension is more than one loop");
  const auto all = elements(generators[0].child("iter"), frame);
  if (!all) return std::nullopt;
  LoadValue made{LoadValue::sequence};
  for (const LoadValue& element : *all) {
    Frame inner = frame;
    inner.depth += 1;
    if (!bind(generators[0].child("target"), element, inner)) return doubt(node, "what the loop binds cannot be told");
    const Value one = value(node.child("elt"), inner);
    if (!one || made.items.size() >= max_elements) return std::nullopt;
    made.items.push_back(*one);
  }
  return made;
}

// if name not in MODULES: MODULES[name] = load(name); if name in MODULES: return MODULES[name]
bool LoadEvaluator::keeps_entry(const Node& statement, Frame& frame) {
  const auto body = statement.list("body");
  const Node test = statement.child("test");
  const Json* ops = test.raw("ops");
  if (!statement.is("If") || body.empty() || !statement.list("orelse").empty() || !test.is("Compare") || ops == nullptr) return false;
  const bool missing = *ops == Json::array({"NotIn"}), there = *ops == Json::array({"In"});
  const Node table = test.list("comparators")[0];
  if ((!missing && !there) || !is_empty_dict(table, frame)) return false;
  const Value asked = value(test.child("left"), frame);
  if (!asked || asked->kind != LoadValue::plain_text) return false;
  if (there) {  // what an earlier call has put there is what this one would
    const Node returned = body[0].child("value");
    return body.size() == 1 && body[0].is("Return") && returned.is("Subscript") && returned.child("value").text("id") == table.text("id");
  }
  for (const Node& one : body)
    if (!helps(one, frame)) return false;
  const auto kept = frame.kept.find(table.text("id"));
  return kept != frame.kept.end() && kept->second.first == asked->text;
}

bool LoadEvaluator::is_empty_dict(const Node& table, const Frame& frame) {
  const Value held = table.is("Name") ? value(table, frame) : std::nullopt;
  return held && held->kind == LoadValue::table && held->node.is("Dict") && held->node.list("keys").empty();
}

// MODULES[name] = load(name). A model that is kept would be one for all that ask for it.
bool LoadEvaluator::keep_entry(const Node& target, const LoadValue& made, Frame& frame) {
  const Node table = target.child("value");
  if (frame.depth == 0 || !is_empty_dict(table, frame)) return false;
  const Value key = value(target.child("slice"), frame);
  if (!key || key->kind != LoadValue::plain_text || (made.kind != LoadValue::module && made.kind != LoadValue::model && made.kind != LoadValue::bare)) return false;
  frame.kept[table.text("id")] = {key->text, made};
  return true;
}

// The texts that lead to a kernel: its name, its file, its path, without what the loader itself puts around them.
std::map<std::string, LoadValue> LoadEvaluator::choices(const std::string& function, const std::set<std::string>& kernels) {
  std::map<std::string, LoadValue> found;
  const LoadValue* known = defined(function);
  if (known == nullptr || known->kind != LoadValue::function) return found;
  const auto parameters = known->node.child("args").list("args");
  if (parameters.empty() || known->node.child("args").list("defaults").size() + 1 < parameters.size()) return found;
  const std::string package = "level_0_kernel.";
  const auto given = [&](const std::string& text) {
    const Json constant = {{"_", "Constant"}, {"value", {{"kind", "str"}, {"value", text}}}};
    const Json call = {{"_", "Call"}, {"func", {{"_", "Name"}, {"id", function}}}, {"args", Json::array({constant})}};
    const Value made = apply(Node(&call), function, {});
    take_doubt();
    return made && made->text.rfind(package, 0) == 0 ? made : std::nullopt;
  };
  const std::string hole(1, any_text);
  for (const auto& [before, after] : std::vector<std::pair<std::string, std::string>>{{"", ""}, {"", ".py"}, {"level_0_kernel/", ".py"}, {"level_0_kernel.", ""}, {"level_0_kernel/", ""}}) {
    const Value made = given(before + hole + after);
    const std::size_t at = made ? made->text.find(any_text) : std::string::npos;
    if (at == std::string::npos || made->text.find(any_text, at + 1) != std::string::npos) continue;
    const std::string prefix = made->text.substr(package.size(), at - package.size()), suffix = made->text.substr(at + 1);
    for (const std::string& kernel : kernels) {
      if (kernel.size() < prefix.size() + suffix.size() || kernel.rfind(prefix, 0) != 0 || kernel.compare(kernel.size() - suffix.size(), suffix.size(), suffix) != 0) continue;
      const std::string text = before + kernel.substr(prefix.size(), kernel.size() - prefix.size() - suffix.size()) + after;
      // Followed once more with the text itself: a loader may treat one name in another way.
      if (const Value one = given(text); one && one->text == package + kernel && (found.empty() || found.begin()->second.kind == one->kind)) found.emplace(text, *one);
    }
  }
  return found;
}

// The entries of a dict in their order, those of a later equal key in the place of the first.
LoadEvaluator::Value LoadEvaluator::entries(const Node& at, const LoadValue& table, const Frame& frame) {
  LoadValue pairs{LoadValue::sequence};
  const auto add = [&](const Value& key, const Value& value) {
    if (!key || !value || key->kind != LoadValue::plain_text || pairs.items.size() >= max_elements) return false;
    for (LoadValue& pair : pairs.items)
      if (pair.items[0].text == key->text) {
        pair.items[1] = *value;
        return true;
      }
    LoadValue pair{LoadValue::sequence};
    pair.items = {*key, *value};
    pairs.items.push_back(std::move(pair));
    return true;
  };
  if (table.node.is("Dict")) {
    const auto keys = table.node.list("keys");
    const auto values = table.node.list("values");
    for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i)
      if (!keys[i] || !add(value(keys[i], frame), value(values[i], frame))) return doubt(at, "an entry of the dict cannot be told");
    return pairs;
  }
  const auto generators = table.node.list("generators");
  if (generators.size() != 1 || !generators[0].list("ifs").empty()) return doubt(table.node, "the comprehension is more than one loop over files or names");
  const auto all = elements(generators[0].child("iter"), frame);
  if (!all) return std::nullopt;
  for (const LoadValue& element : *all) {
    Frame inner = frame;
    inner.depth += 1;
    if (!bind(generators[0].child("target"), element, inner) || !add(value(table.node.child("key"), inner), value(table.node.child("value"), inner)))
      return doubt(at, "an entry of the dict cannot be told");
  }
  return pairs;
}

// list(x), enumerate(x), zip(x, y), range(3)
LoadEvaluator::Value LoadEvaluator::iterated(const Node& call, const std::string& function, const Frame& frame) {
  const auto given = call.list("args");
  if (given.empty() || !call.list("keywords").empty()) return doubt(call, "`" + function + "` is called in a way that is not followed");
  if (function == "range") {
    const Value count = given.size() == 1 ? value(given[0], frame) : std::nullopt;
    if (!count || count->kind != LoadValue::integer || count->number < 0 || count->number > static_cast<long>(max_elements)) return doubt(call, "how far the range goes cannot be told");
    LoadValue made{LoadValue::sequence};
    for (long i = 0; i < count->number; ++i) made.items.push_back({LoadValue::integer, "", i});
    return made;
  }
  std::vector<std::vector<LoadValue>> columns;
  for (const Node& argument : given) {
    auto column = elements(argument, frame);
    if (!column) return std::nullopt;
    columns.push_back(std::move(*column));
  }
  if (function != "zip" && columns.size() != 1) return doubt(call, "`" + function + "` is called in a way that is not followed");
  if (function == "enumerate") {
    std::vector<LoadValue> places;
    for (std::size_t i = 0; i < columns[0].size(); ++i) places.push_back({LoadValue::integer, "", static_cast<long>(i)});
    columns.insert(columns.begin(), std::move(places));
  }
  LoadValue made{LoadValue::sequence};
  if (function == "list" || function == "tuple") {
    made.items = columns[0];
  } else if (function == "reversed") {
    made.items.assign(columns[0].rbegin(), columns[0].rend());
  } else {
    std::size_t length = columns[0].size();
    for (const auto& column : columns) length = std::min(length, column.size());
    for (std::size_t i = 0; i < length; ++i) {
      LoadValue row{LoadValue::sequence};
      for (const auto& column : columns) row.items.push_back(column[i]);
      made.items.push_back(std::move(row));
    }
  }
  return made;
}

}  // namespace decomp
