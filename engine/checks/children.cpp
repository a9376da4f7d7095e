#include "checks/children.h"

#include <algorithm>
#include <map>

namespace decomp {

namespace {

bool is_work(const TapeEntry& e) {
  const OpClass c = op_class(e);
  return c != OpClass::plumbing && c != OpClass::identity;
}

}  // namespace

std::vector<Finding> check_children(const Tape& original, const Tape& refactored, const std::vector<ModuleInstance>& modules,
                                    const std::set<std::string>& files) {
  std::vector<Finding> findings;
  // Work: everything but plumbing and operations that do nothing. A child with all of it is its parent.
  std::size_t total = 0;
  std::map<std::string, std::size_t> work;  // by component
  std::map<std::string, std::map<std::string, std::size_t>> operations;  // by component
  std::set<std::string> ran;                // files
  for (int call : refactored.calls)
    if (call >= 0 && call < static_cast<int>(modules.size()))
      for (const std::string& file : {modules[static_cast<std::size_t>(call)].child, modules[static_cast<std::size_t>(call)].file}) ran.insert(file);
  for (const TapeEntry& e : refactored.entries) {
    const ModuleInstance* m =
        e.instance >= 0 && e.instance < static_cast<int>(modules.size()) ? &modules[static_cast<std::size_t>(e.instance)] : nullptr;
    if (m != nullptr && !m->child.empty()) ran.insert(m->child);
    if (!is_work(e)) continue;
    ++total;
    if (m != nullptr && !m->component.empty()) ++work[m->component], ++operations[m->component][canonical_operation(e.op)];
  }
  std::map<std::string, std::size_t> parents;  // what there is to do
  for (const TapeEntry& e : original.entries)
    if (is_work(e)) ++parents[canonical_operation(e.op)];
  auto does_all = [&](const std::string& component) {
    for (const auto& [operation, count] : parents)
      if (operations[component][operation] < count) return false;
    return !parents.empty();
  };
  std::map<std::string, std::string> file_of;
  for (const ModuleInstance& m : modules)
    if (!m.component.empty()) file_of[m.component] = m.child;
  if (file_of.empty())
    findings.push_back({"step-no-children", Severity::error, {}, "the refactored model has no child: nothing was taken apart",
                        "Put each operation into a file of children/ and build the model from those."});
  for (const auto& [component, count] : work)
    if (count == total || does_all(component))
      findings.push_back({"custody-parent-in-disguise", Severity::error, {file_of[component]},
                          "does all the work of its parent (" + std::to_string(count) + " operations): it is the parent in disguise",
                          "Take the component apart; a component of one operation is a kernel and needs no step."});
  for (const std::string& file : files)
    if (ran.count(file) == 0)
      findings.push_back({"step-child-unused", Severity::error, {file}, "is a file of children/ that never runs",
                          "Use the child in refactored.py, or delete the file."});
  return findings;
}

namespace {

bool lies_in(const std::string& path, const std::string& component) {
  return path == component || path.rfind(component + ".", 0) == 0;
}

}  // namespace

std::string replay_departs(const Tape& alone, const Tape& inside, const std::vector<ModuleInstance>& modules,
                           const std::string& component) {
  std::map<std::string, std::pair<int, int>> counts;  // by operation: alone, inside
  auto instance = [&](int i) { return i >= 0 && i < static_cast<int>(modules.size()) ? &modules[static_cast<std::size_t>(i)] : nullptr; };
  for (const TapeEntry& e : alone.entries)
    if (is_work(e)) ++counts[canonical_operation(e.op)].first;
  for (const TapeEntry& e : inside.entries)
    if (const ModuleInstance* m = instance(e.instance); m != nullptr && lies_in(m->path, component) && is_work(e))
      ++counts[canonical_operation(e.op)].second;
  long calls = std::count_if(inside.calls.begin(), inside.calls.end(), [&](int i) {
    const ModuleInstance* m = instance(i);
    return m != nullptr && m->path == component;
  });
  for (const auto& [operation, count] : counts)
    if (count.first > count.second || (calls == 1 && count.first < count.second))
      return "`" + operation + "` " + std::to_string(count.first) + " times, not " + std::to_string(count.second) +
             (calls > 1 ? " in " + std::to_string(calls) + " calls" : "");
  return "";
}

namespace {

bool varies(const Node& node) {
  static const std::set<std::string_view> branching = {
      "If", "IfExp", "While", "For", "AsyncFor", "Try", "TryStar", "BoolOp", "Match", "ListComp", "SetComp", "DictComp", "GeneratorExp",
      "Global", "Nonlocal", "Lambda", "Compare", "Assert", "Subscript", "Dict", "DictComp", "Set", "With", "Yield", "YieldFrom", "AugAssign"};
  if (branching.count(node.kind()) != 0) {
    // `x.shape[-1]` and annotations such as List[int] choose nothing by themselves; any other subscript may look something up.
    if (!node.is("Subscript")) return true;
  }
  for (const Node& child : node.children())
    if (varies(child)) return true;
  return false;
}

// State that outlives a call: class-body values that can change, mutable defaults, decorated functions (caches), closures.
bool keeps_state(const Node& node, bool in_function) {
  bool function = node.is("FunctionDef");
  if (function && (in_function || !node.list("decorator_list").empty())) return true;
  if (function)
    for (const char* field : {"defaults", "kw_defaults"})
      for (const Node& value : node.child("args").list(field))
        if (value && !value.is("Constant") && !value.is("UnaryOp")) return true;
  if (node.is("ClassDef"))
    for (const Node& statement : node.list("body")) {
      Node value = statement.is("Assign") || statement.is("AnnAssign") ? statement.child("value") : Node();
      if (value && !value.is("Constant") && !value.is("UnaryOp")) return true;
    }
  for (const Node& child : node.children())
    if (keeps_state(child, in_function || function)) return true;
  return false;
}

}  // namespace

bool may_vary(const Facts& facts) {
  static const std::set<std::string> judged_elsewhere = {"get_inputs", "get_init_inputs", "get_input_kwargs", "get_expected_output_shape",
                                                         "run_tests"};
  for (const Node& statement : facts.module().list("body")) {
    if (statement.is("FunctionDef") && judged_elsewhere.count(statement.text("name")) != 0) continue;
    if (statement.is("If")) continue;  // the grammar lets only the __main__ block through
    // Module state: anything but a plain constant.
    if (statement.is("Assign") && !statement.child("value").is("Constant") && !statement.child("value").is("UnaryOp") &&
        !statement.child("value").is("BinOp") && !statement.child("value").is("Tuple"))
      return true;
    if (varies(statement) || keeps_state(statement, false)) return true;
  }
  return false;
}

bool imports_outside_world(const Facts& facts) {
  static const std::set<std::string> outside = {"time", "datetime", "random", "os", "secrets", "uuid", "socket", "subprocess", "threading", "platform"};
  std::vector<Node> open = facts.module().list("body");
  while (!open.empty()) {
    Node node = open.back();
    open.pop_back();
    if (node.is("Import"))
      for (const Node& alias : node.list("names")) {
        std::string name = alias.text("name");
        if (outside.count(name.substr(0, name.find('.'))) != 0) return true;
      }
    std::string from = node.is("ImportFrom") ? node.text("module") : "";
    if (outside.count(from.substr(0, from.find('.'))) != 0) return true;
    if (node.is("FunctionDef") || node.is("ClassDef") || node.is("If") || node.is("Try"))
      for (const Node& child : node.children()) open.push_back(child);
  }
  return false;
}

bool mentions_attribute(const Facts& facts, std::string_view name) {
  std::vector<Node> open = facts.module().list("body");
  while (!open.empty()) {
    Node node = open.back();
    open.pop_back();
    if (node.is("FunctionDef") && node.text("name") == "__init__") continue;
    if (node.is("Attribute") && node.text("attr") == name) return true;
    for (const Node& child : node.children()) open.push_back(child);
  }
  return false;
}

}  // namespace decomp
