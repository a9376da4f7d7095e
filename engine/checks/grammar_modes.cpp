// Who uses which helper, and so how much each may do.

#include <algorithm>

#include "checks/grammar_judge.h"

namespace decomp {
namespace {

// The names that code mentions: those that it only calls, and those that it may also hand on.
struct Used {
  std::set<std::string> called;
  std::set<std::string> mentioned;
};

void names_used(const Node& node, Used& used) {
  if (node.is("Name")) used.mentioned.insert(node.text("id"));
  if (!node.is("Call") || !node.child("func").is("Name")) {
    for (const Node& part : node.children()) names_used(part, used);
    return;
  }
  used.called.insert(node.child("func").text("id"));
  for (const Node& part : node.children())
    if (part.json() != node.child("func").json()) names_used(part, used);
}

// The same for attributes of self.
void attributes_used(const Node& node, const std::string& self, Used& used) {
  const auto of_self = [&](const Node& at) { return at.is("Attribute") && at.child("value").is("Name") && at.child("value").text("id") == self; };
  if (of_self(node)) used.mentioned.insert(node.text("attr"));
  const bool call = node.is("Call") && of_self(node.child("func"));
  if (call) used.called.insert(node.child("func").text("attr"));
  for (const Node& part : node.children())
    if (!call || part.json() != node.child("func").json()) attributes_used(part, self, used);
}

bool is_among(const Node& node, const std::vector<Node>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [&](const Node& other) { return other.json() == node.json(); });
}

}  // namespace

std::set<std::string> initialisers(const GrammarLists& lists, const Node& klass) {
  std::map<std::string, Used> uses;
  for (const Node& member : klass.list("body"))
    if (member.is("FunctionDef")) {
      const auto names = parameters(member);
      attributes_used(member, names.empty() ? "" : names[0].text("arg"), uses[member.text("name")]);
    }
  std::set<std::string> found;
  std::vector<std::string> open;
  for (const auto& [name, used] : uses)
    if (lists.init_functions.has(name)) open.push_back(name);
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    if (!uses.count(name) || !found.insert(name).second) continue;
    open.insert(open.end(), uses[name].called.begin(), uses[name].called.end());
  }
  // Whatever anything else reaches, or is handed on, also runs later.
  std::set<std::string> running;
  for (const auto& [name, used] : uses) {
    open.insert(open.end(), used.mentioned.begin(), used.mentioned.end());
    if (!found.count(name)) open.push_back(name);
  }
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    if (!uses.count(name) || lists.init_functions.has(name) || !running.insert(name).second) continue;
    open.insert(open.end(), uses[name].called.begin(), uses[name].called.end());
  }
  for (const std::string& name : running) found.erase(name);
  return found;
}

std::map<std::string, Mode> function_modes(const JudgedFile& file, const std::vector<Node>& statements,
                                           const std::vector<Node>& main_block) {
  std::map<std::string, Used> uses;     // by def
  std::map<Mode, Used> wanted;          // what each kind of place uses
  for (const Node& statement : statements) {
    if (statement.is("FunctionDef")) {
      Used& used = uses[statement.text("name")];
      for (const Node& part : statement.list("body")) names_used(part, used);
      // Decorators and defaults run when the file is imported.
      for (const Node& part : statement.children())
        if (part.is("arguments") || !is_among(part, statement.list("body"))) names_used(part, wanted[Mode::code]);
    } else if (statement.is("ClassDef")) {
      const std::set<std::string> making = initialisers(file.lists, statement);
      for (const Node& part : statement.children())
        names_used(part, wanted[part.is("FunctionDef") && making.count(part.text("name")) ? Mode::initialiser : Mode::code]);
    } else {
      names_used(statement, wanted[Mode::initialiser]);
    }
  }
  for (const Node& statement : main_block) names_used(statement, wanted[Mode::tests]);
  // A function that an initialiser hands on may be called at any time.
  wanted[Mode::code].mentioned.insert(wanted[Mode::initialiser].mentioned.begin(), wanted[Mode::initialiser].mentioned.end());

  std::map<std::string, Mode> modes;
  const auto template_mode = [&](const std::string& name) { return name == "run_tests" ? Mode::tests : Mode::inputs; };
  std::set<std::string> used_at_all;
  const auto note = [&](const std::string& user, const Used& used) {
    for (const auto* names : {&used.called, &used.mentioned})
      for (const std::string& name : *names)
        if (name != user) used_at_all.insert(name);
  };
  for (const auto& [mode, used] : wanted) note("", used);
  for (const auto& [name, used] : uses) {
    note(name, used);
    if (file.lists.template_functions.has(name)) modes.emplace(name, template_mode(name));
  }

  for (const Mode mode : {Mode::code, Mode::initialiser, Mode::inputs, Mode::tests}) {
    std::vector<std::string> open;
    const auto add = [&](const Used& used) {
      open.insert(open.end(), used.called.begin(), used.called.end());
      open.insert(open.end(), used.mentioned.begin(), used.mentioned.end());
    };
    add(wanted[mode]);
    for (const auto& [name, used] : uses) {
      if (mode == Mode::code && !used_at_all.count(name)) open.push_back(name);
      if (file.lists.template_functions.has(name) && template_mode(name) == mode) add(used);
    }
    while (!open.empty()) {
      const std::string name = open.back();
      open.pop_back();
      if (!uses.count(name) || file.lists.template_functions.has(name) || !modes.emplace(name, mode).second) continue;
      add(uses[name]);
    }
  }
  // Functions that only use each other.
  for (const auto& [name, unused] : uses) modes.emplace(name, Mode::code);
  return modes;
}

}  // namespace decomp
