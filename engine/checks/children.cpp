#include "checks/children.h"

#include <algorithm>
#include <map>

namespace decomp {

namespace {

bool is_work(const TapeEntry& e) {
  const OpClass c = op_class(e);
  return c != OpClass::plumbing && c != OpClass::identity;
}

bool is_dropout(const TapeEntry& e) { return op_base_name(e.op).find("dropout") != std::string::npos; }

// The kernel that is left of a pair of which the other is the original's dropout, a component of its own.
bool beside_dropout(const std::string& component, const std::set<std::string>& dropouts, const Tape& original) {
  return std::any_of(original.entries.begin(), original.entries.end(), is_dropout) && dropouts.count("") == 0 && dropouts.count(component) == 0 && !dropouts.empty();
}

using Operations = std::map<std::string, std::size_t>;

struct WorkOf {
  std::size_t count = 0;
  std::map<int, Operations> calls;  // by place of the component's call in the tape; -1: not known
};

// A contraction of four tensors is not what one of two is.
std::string kind_of_work(const TapeEntry& e) {
  std::string name = canonical_operation(e.op);
  return name == "einsum" ? name + " of " + std::to_string(e.in.size()) : name;
}

// The call of the component during which this ran.
int call_of_component(const Tape& tape, const std::vector<ModuleInstance>& modules, const TapeEntry& e, const std::string& component) {
  if (tape.parents.empty()) return -1;
  for (int call = e.call; call >= 0; call = tape.parents[static_cast<std::size_t>(call)]) {
    const int at = tape.calls[static_cast<std::size_t>(call)];
    if (at >= 0 && at < static_cast<int>(modules.size()) && modules[static_cast<std::size_t>(at)].path == component) return call;
  }
  return -1;
}

bool covers(const Operations& done, const Operations& to_do) {
  return !to_do.empty() && std::all_of(to_do.begin(), to_do.end(), [&](const auto& work) {
    const auto found = done.find(work.first);
    return found != done.end() && found->second >= work.second;
  });
}

// All that there is to do, or of all kinds as much as the original did. The body of a loop, called again and again for a part of it
// each time, is not its parent: there every call does the same, and none does what the original did.
bool is_parent(const WorkOf& work, std::size_t total, const Operations& parents) {
  Operations all;
  bool body = work.calls.size() > 1;
  for (const auto& [call, operations] : work.calls) {
    body = body && operations == work.calls.begin()->second && !covers(operations, parents);
    for (const auto& [operation, count] : operations) all[operation] += count;
  }
  return !body && (work.count == total || covers(all, parents));
}

}  // namespace

std::vector<Finding> check_children(const Tape& original, const Tape& refactored, const std::vector<ModuleInstance>& modules,
                                    const std::set<std::string>& files) {
  std::vector<Finding> findings;
  // Work: everything but plumbing and operations that do nothing. A child with all of it is its parent.
  std::size_t total = 0;
  std::map<std::string, WorkOf> work;  // by component
  std::set<std::string> ran;           // files
  const auto module_at = [&](int i) { return i >= 0 && i < static_cast<int>(modules.size()) ? &modules[static_cast<std::size_t>(i)] : nullptr; };
  for (int call : refactored.calls)
    if (const ModuleInstance* m = module_at(call))
      for (const std::string& file : {m->child, m->file}) ran.insert(file);
  std::set<std::string> dropouts;  // components
  for (const TapeEntry& e : refactored.entries) {
    const ModuleInstance* m = module_at(e.instance);
    if (m != nullptr && !m->child.empty()) ran.insert(m->child);
    if (m != nullptr && is_dropout(e)) dropouts.insert(m->component);
    if (!is_work(e)) continue;
    ++total;
    if (m == nullptr || m->component.empty()) continue;
    WorkOf& component = work[m->component];
    ++component.count;
    ++component.calls[call_of_component(refactored, modules, e, m->component)][kind_of_work(e)];
  }
  Operations parents;  // what there is to do
  for (const TapeEntry& e : original.entries)
    if (is_work(e)) ++parents[kind_of_work(e)];
  std::map<std::string, std::string> file_of;
  for (const ModuleInstance& m : modules)
    if (!m.component.empty()) file_of[m.component] = m.child;
  if (file_of.empty())
    findings.push_back({"step-no-children", Severity::error, {}, "the refactored model has no child: nothing was taken apart",
                        "Put each operation into a file of children/ and build the model from those."});
  for (const auto& [component, of_component] : work)
    if (is_parent(of_component, total, parents) && !(of_component.count == 1 && beside_dropout(component, dropouts, original)))
      findings.push_back({"custody-parent-in-disguise", Severity::error, {file_of[component]},
                          "does all the work of its parent (" + std::to_string(of_component.count) + " operations): it is the parent in disguise",
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
