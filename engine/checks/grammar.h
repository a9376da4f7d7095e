#pragma once
// The grammar of judged files (rules/grammar.json): default deny. Facts in, findings out; no file is read here.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

struct GrammarResult {
  std::vector<Finding> findings;
  // Module-level statements of recognised path prologues and `__main__` blocks, as [first line, last line]: jobs drop
  // them before they compile, so that they never run.
  std::vector<std::pair<int, int>> dropped;
  std::vector<std::string> children;   // module names of imported child files, in import order, without repeats
  std::string model_class;             // "RefactoredModel" or "Model"; "" when there is none (a finding then)
  std::set<std::string> functions;     // template functions present: get_inputs, get_init_inputs, ...
};

// A refactored.py (RULES §2): imports of children, a class that builds only those and whose methods do only child
// calls, plumbing and Python control flow. `child_modules`: module names of the files in children/.
GrammarResult check_refactored_grammar(const Facts& facts, const std::set<std::string>& child_modules);

// A component (child, level file): the wider grammar; no reflection, no I/O, no processes. `siblings`: module names
// that this file may import (usually empty).
GrammarResult check_component_grammar(const Facts& facts, const std::set<std::string>& siblings);

// The source model (an original that nobody derived): only what decomp needs to run it (its class, get_inputs), no
// judgement of style. Never an error for what an honest model does.
GrammarResult check_source_grammar(const Facts& facts);

}  // namespace decomp
