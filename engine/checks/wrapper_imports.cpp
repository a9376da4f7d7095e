#include "checks/wrapper_imports.h"

#include <set>

#include "core/rules.h"

namespace decomp {
namespace {

void collect(const Facts& facts, const Node& node, const std::set<std::string>& known, std::vector<Finding>& findings) {
  auto judge = [&](const std::string& module, bool local) {
    if (!local && known.count(module.substr(0, module.find('.'))) != 0) return;
    findings.push_back({"wrapper-not-self-contained", Severity::error, facts.at(node),
                        (local ? "imports `" + module + "` from its own folder" : "imports `" + module + "`") + "; it must run with torch and the standard library alone",
                        "Copy what is used of it into the file."});
  };
  if (node.is("Import"))
    for (const Node& alias : node.list("names")) judge(alias.text("name"), false);
  if (node.is("ImportFrom")) {
    const Json* level = node.raw("level");

    const bool local = level != nullptr && level->is_number() && level->get<int>() > 0;
    judge(node.text("module"), local);
  }
  // What is typed only, and the block for running the file, is no part of the model.
  if (node.is("If")) {
    const Node test = node.child("test");
    if (test.dotted() == "TYPE_CHECKING" || test.dotted() == "typing.TYPE_CHECKING") return;
    if (test.is("Compare") && test.child("left").dotted() == "__name__") return;
  }
  for (const Node& part : node.children()) collect(facts, part, known, findings);
}

}  // namespace

std::vector<Finding> check_wrapper_imports(const Facts& facts) {
  auto known = rule_data("grammar").at("reserved_modules").get<std::set<std::string>>();
  known.insert({"torch", "numpy"});
  known.erase("children");
  std::vector<Finding> findings;
  collect(facts, facts.module(), known, findings);
  return findings;
}

}  // namespace decomp
