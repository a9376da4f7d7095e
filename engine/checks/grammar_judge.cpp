#include "checks/grammar_judge.h"

#include <algorithm>

#include "core/rules.h"

namespace decomp {
namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

bool allows(const NameSet& modules, const std::string& path) { return modules.has(path); }

}  // namespace

bool is_import(const Node& statement) { return statement.is("Import") || statement.is("ImportFrom"); }

JudgedFile::JudgedFile(const Facts& judged, const GrammarLists& grammar, const std::set<std::string>& child_modules,
                       const std::set<std::string>& licensed_probes)
    : facts(judged), lists(grammar), children(child_modules), licensed(licensed_probes) {
  names = module_bindings(facts.module(), children, conflicts);
}

void JudgedFile::report(const std::string& rule, const Node& at, std::string message, std::string help, Severity severity) {
  if (!reported_.emplace(rule, at.line(), at.column()).second) return;
  result.findings.push_back({rule, severity, facts.at(at), std::move(message), std::move(help)});
}

bool JudgedFile::report_banned_path(const std::string& path, const Node& at, const std::string& shown, Mode mode) {
  const BannedGroup* group = lists.banned_path(path);
  if (!group || (mode == Mode::tests && group->allowed_in.count("tests"))) return false;
  const std::string last = path.substr(path.rfind('.') + 1);
  if (licensed.count(last)) return false;
  const std::string full = path.rfind("builtins.", 0) == 0 ? path.substr(9) : path;
  report(group->rule, at, "`" + shown + "`" + (shown == full ? "" : " (" + full + ")") + " is refused: " + group->why, group->help);
  return true;
}

void JudgedFile::judge_child_import(const Node& statement, const Node& alias, const std::string& child,
                                    const std::string& member) {
  if (!children.count(child)) {
    const std::vector<std::string> known(children.begin(), children.end());
    const auto close = nearest(child, known);
    report("grammar-unknown-child", alias ? alias : statement, "there is no " + std::string(folder == "children" ? "child file " : "kernel ") + folder + "/" + child + ".py",
           close.empty() ? "create the file, or import one of the files in " + folder + "/" : "did you mean " + quoted_list(close) + "?");
    return;
  }
  auto& list = result.children;
  if (std::find(list.begin(), list.end(), child) == list.end()) list.push_back(child);
  if (!member.empty() && member != "Model")
    report("grammar-child-import", alias, "`" + member + "` is imported from the child " + child + "; only its class `Model` may be",
           "write `from children." + child + " import Model as <Name>`");
}

void JudgedFile::judge_import(const Node& statement, const NameSet& allowed, bool tests) {
  const Json* level = statement.raw("level");
  if (statement.is("ImportFrom") && level && level->is_number_integer() && level->get<int>() > 0) {
    report("grammar-relative-import", statement, "a relative import: the file is run on its own, not as part of a package",
           "write `from children.<file> import Model as <Name>`");
    return;
  }
  const auto judge_path = [&](const Node& alias, const std::string& path, const std::string& module) {
    std::size_t banned_length = 0;
    const std::size_t listed =
        std::max({GrammarLists::longest_prefix(path, allowed), GrammarLists::longest_prefix(path, lists.component_paths),
                  GrammarLists::longest_prefix(path, lists.numpy_paths)});
    const bool in_tests = tests && (lists.test_paths.has(path) || lists.test_imports.has(path));
    const BannedGroup* banned = lists.banned_path(path, &banned_length);
    const bool inert = lists.inert_imports.has(path) || GrammarLists::longest_prefix(path, lists.prologue_paths) > 0 ||
                       lists.test_paths.has(path);
    if (in_tests || inert) return;
    if (banned && banned_length >= listed && report_banned_path(path, alias, path, tests ? Mode::tests : Mode::code)) return;
    if (allows(allowed, module) && (path == module || listed == path.size() || allows(allowed, path))) return;
    report("grammar-import", alias, "`" + path + "` may not be imported here",
           "delete the import; torch, torch.nn, torch.nn.functional, math, typing, dataclasses and collections are allowed");
  };
  const std::string module = statement.text("module");
  for (const Node& alias : statement.list("names")) {
    const std::string name = alias.text("name");
    if (name == "*") {
      report("grammar-star-import", statement, "`from " + module + " import *` brings in names that nobody listed",
             "import the names that the file uses");
      continue;
    }
    Binding binding;
    for (auto& [bound, made] : bindings_of_import(statement, children))
      if (bound == (alias.text("asname").empty() ? name : alias.text("asname")) || made.kind == Binding::child_package) binding = made;
    if (statement.is("Import")) {
      if (binding.kind == Binding::child_module || name.rfind("children.", 0) == 0)
        judge_child_import(statement, alias, name.rfind("children.", 0) == 0 ? name.substr(9) : name, "");
      else
        judge_path(alias, name, name);
    } else if (module == "children") {
      judge_child_import(statement, alias, name, "");
    } else if (module.rfind("children.", 0) == 0) {
      judge_child_import(statement, alias, module.substr(9), name);
    } else if (children.count(module)) {
      judge_child_import(statement, alias, module, name);
    } else if (allows(allowed, module)) {
      judge_path(alias, module + "." + name, module);
    } else if (module.find('.') == std::string::npos && !lists.reserved_modules.has(module) && !children.empty()) {
      judge_child_import(statement, alias, module, name);
    } else {
      judge_path(alias, module + "." + name, module);
    }
  }
}

void JudgedFile::judge_annotation(const Node& annotation) {
  static const std::set<std::string_view> plain = {"Name", "Attribute", "Subscript", "Tuple", "List", "Constant", "BinOp", "Starred",
                                                   "UnaryOp", "Slice"};
  if (!annotation) return;
  if (!plain.count(annotation.kind())) {
    report("grammar-annotation", annotation, "an annotation that runs code: Python evaluates it when the function is defined",
           "name a type, or delete the annotation");
    return;
  }
  for (const Node& part : annotation.children()) judge_annotation(part);
}

void JudgedFile::judge_annotations_of(const Node& function) {
  for (const Node& parameter : parameters(function)) judge_annotation(parameter.child("annotation"));
  judge_annotation(function.child("returns"));
}

void JudgedFile::judge_module_names(const Node& at) {
  for (const std::string& child : children)
    if (lists.reserved_modules.has(child))
      report("grammar-shadowing", at, "the file " + folder + "/" + child + ".py has the name of the library module `" + child + "`",
             "rename the file");
}

void JudgedFile::sort_findings() {
  std::stable_sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
}

}  // namespace decomp
