#pragma once
// What all judges of the grammar share: reporting, imports, annotations, the module's names.

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "checks/grammar.h"
#include "checks/grammar_lists.h"
#include "checks/grammar_names.h"

namespace decomp {

// One file under judgement: what the judges of its parts have in common.
struct JudgedFile {
  JudgedFile(const Facts& facts, const GrammarLists& lists, const std::set<std::string>& children,
             const std::set<std::string>& licensed);

  void report(const std::string& rule, const Node& at, std::string message, std::string help, Severity severity = Severity::error);
  // Reports a name that has a rule of its own; false if `path` has none that counts in `mode`.
  bool report_banned_path(const std::string& path, const Node& at, const std::string& shown, Mode mode);

  // An Import or ImportFrom: `allowed` modules, children, inert modules; `tests`: where sys and traceback may be used, too.
  void judge_import(const Node& statement, const NameSet& allowed, bool tests);
  // Annotations are evaluated when the def runs, so they may only name things.
  void judge_annotation(const Node& annotation);
  void judge_annotations_of(const Node& function);
  // A child or sibling file that has the name of a library module would be imported in its place.
  void judge_module_names(const Node& at);
  void sort_findings();

  const Facts& facts;
  const GrammarLists& lists;
  const std::set<std::string>& children;
  const std::set<std::string>& licensed;
  std::vector<NameConflict> conflicts;
  Bindings names;  // of the module
  GrammarResult result;
  std::string folder = "children";  // where the files lie that may be imported

 private:
  void judge_child_import(const Node& statement, const Node& alias, const std::string& child, const std::string& member);
  std::set<std::tuple<std::string, int, int>> reported_;
};

// Recognises path prologues and the `__main__` block, fills result.dropped and turns their names into Binding::prologue.
// Returns the other module-level statements, and the main block's body in `main_block`.
std::vector<Node> drop_prologue(JudgedFile& file, std::vector<Node>& main_block);

// Would `statement` be dropped if it stood at module level?
bool is_path_prologue(JudgedFile& file, const Node& statement);

bool is_import(const Node& statement);

// `if __name__ == "__main__":`
bool is_main_block(const Node& statement);

// For each def of module level, what it is for: template functions by their name, helpers by who uses them (code first,
// then what only initialisers call, then inputs, then tests). A helper that nobody uses is code.
// The methods of `klass` that nothing but its initialisers calls, themselves included.
std::set<std::string> initialisers(const GrammarLists& lists, const Node& klass);

std::map<std::string, Mode> function_modes(const JudgedFile& file, const std::vector<Node>& statements,
                                           const std::vector<Node>& main_block);

}  // namespace decomp
