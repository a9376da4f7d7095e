#pragma once
// Conservation (RULES §4): what the original computes is what the refactored model computes, inside its children, and nothing
// else. Seen on the two native tapes of one trial.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/tape.h"
#include "decomp/finding.h"

namespace decomp {

// One module instance of a run, by tape index.
struct ModuleInstance {
  std::string path;   // "" for the root
  std::string child;  // import name of the child file whose component it is or lies in; "" outside every child
  std::string type;   // qualified class
  std::string component;  // path of that component's instance ("blocks.0.attn"); "" outside every child
  std::string file;  // import name of the child file whose model it is, also below another component; "" for other modules
};

// From the description's module list ({"path","type"}): which instances lie in which child file's component.
std::vector<ModuleInstance> module_instances(const Json& modules, const std::set<std::string>& child_files);

// An operation of the original that a component of the refactored model writes out by a declared equivalence.
struct WrittenOut {
  std::string name;       // of the equivalence
  std::string component;  // instance path; "" outside every child
  std::string range;      // what the form is tried for beyond the trials' values: "finite", "value", or "" for nothing
};

struct ConservationResult {
  std::vector<Finding> findings;          // without file: the caller knows it
  std::vector<std::string> equivalences;  // names of the declared equivalences that were used
  std::set<std::string> idle_children;    // components that ran no operation and were not called
  std::vector<WrittenOut> written_out;
  std::set<std::string> part_components;  // that run a contraction as a part of a form written out
  std::set<std::size_t> composed_original, composed_refactored;  // entries of forms written out, plumbing and arithmetic included
  std::vector<std::size_t> missing;  // entries of the original that have no counterpart, not even one with other arguments or values
  std::vector<std::size_t> extra;    // the same of the refactored tape
};

// `by_rows`: the fingerprints are sums over rows (TapeOptions::rows), so that one operation over several batches is told from the
// same over one.
ConservationResult check_conservation(const Tape& original, const Tape& refactored,
                                      const std::vector<ModuleInstance>& original_modules,
                                      const std::vector<ModuleInstance>& refactored_modules, bool by_rows = false);

// Which child, in execution order, first departs from what the original computes at the same place; or that it cannot be told.
std::string first_divergence(const Tape& original, const Tape& refactored, const std::vector<ModuleInstance>& modules);

}  // namespace decomp
