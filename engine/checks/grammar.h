#pragma once
// The grammar of judged files (rules/grammar.json): default deny. Facts in, findings out; no file is read here.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/loaded_name.h"
#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

class GrammarLists;
struct CompositionFile;

struct GrammarResult {
  std::vector<Finding> findings;
  // Module-level statements of recognised path prologues and `__main__` blocks, as [first line, last line]: jobs drop
  // them before they compile, so that they never run. A range covers whole statements and shares its lines with no other.
  std::vector<std::pair<int, int>> dropped;
  std::vector<std::string> children;   // module names of imported child files, in import order, without repeats
  std::string model_class;             // "RefactoredModel" or "Model"; "" when there is none (a finding then)
  std::set<std::string> functions;     // template functions present: get_inputs, get_init_inputs, ...
  std::map<std::string, Location> state_writes;  // self.<name> that methods other than __init__ assign
  std::vector<LoadedName> loaded = {};           // what loader functions bind: bound before the file runs
};

// A refactored.py (RULES §2): imports of children, a class that builds only those and whose methods do only child
// calls, plumbing and Python control flow. `child_modules`: module names of the files in children/. `licensed`: probes
// that are allowed because the source model itself has them (probes_in).
GrammarResult check_refactored_grammar(const Facts& facts, const std::set<std::string>& child_modules,
                                       const std::set<std::string>& licensed = {});
GrammarResult check_refactored_grammar(const Facts& facts, const std::set<std::string>& child_modules,
                                       const std::set<std::string>& licensed, const GrammarLists& lists);

// The composed model of a composition test (composition_file.h): its class and the classes of modules beside it, each judged like a
// refactored class, which may build each other and kernels. `kernels`: module names of level_0_kernel/.
GrammarResult check_composition_grammar(const CompositionFile& composition, const std::set<std::string>& kernels,
                                        const std::set<std::string>& licensed = {});

// A component (child, level file): the wider grammar; no reflection, no I/O, no processes. `siblings`: module names
// that this file may import (usually empty).
GrammarResult check_component_grammar(const Facts& facts, const std::set<std::string>& siblings,
                                      const std::set<std::string>& licensed = {});
GrammarResult check_component_grammar(const Facts& facts, const std::set<std::string>& siblings,
                                      const std::set<std::string>& licensed, const GrammarLists& lists);

// The source model (an original that nobody derived): only what decomp needs to run it (its class, get_inputs), no
// judgement of style. Never an error for what an honest model does.
GrammarResult check_source_grammar(const Facts& facts);

// Which of the names in rules/grammar.json "licensable" (tolist, item, ...) the file uses as a method or function.
std::set<std::string> probes_in(const Facts& source);

// A refactored method may reassign an attribute of self only if the original does, too (rule grammar-state): findings
// for result.state_writes that no method of the original's classes assigns.
std::vector<Finding> check_state_writes(const GrammarResult& refactored, const Facts& original);

}  // namespace decomp
