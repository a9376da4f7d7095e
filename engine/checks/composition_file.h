#pragma once
// A composition test (RULES §2, §5): which part of the file is the composed model. Its class and what that class reaches are kept,
// kernels that loader functions load as imports (loaders.h); the rest compares and prints, proves nothing, and never runs.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/grammar_names.h"
#include "checks/loaded_name.h"
#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

// A tolerance that the file's own test would use.
struct DeclaredTolerance {
  bool relative = false;
  double value = 0;
  Location where;
};

struct CompositionFile {
  std::vector<Finding> findings;
  std::string model_class;                    // "" where there is none: a finding
  bool takes_arguments = false;               // its constructor does: the source model's values are passed
  Facts judged;                               // the same file with the kept statements only, imports of kernels as `children.x`
  std::vector<std::pair<int, int>> dropped;   // lines of all others
  std::vector<LoadedName> loaded;
  std::optional<std::string> weight_map;      // the constant WEIGHT_MAP as JSON, each key on the line that it has in the file
  std::vector<DeclaredTolerance> tolerances;
};

// `kernels`: import names of level_0_kernel/. `others`: those of files that a composition may not use (levels above, the source
// model), each with what it is, for messages.
CompositionFile read_composition(const Facts& facts, const std::set<std::string>& kernels,
                                 const std::map<std::string, std::string>& others);

// The statements of the module that `roots` reach by name, in source order. `binds`: the names that each statement of the body binds.
std::vector<std::size_t> reached_statements(const std::vector<Node>& body, const std::vector<std::set<std::string>>& binds,
                                            const Bindings& module, const std::set<std::string>& roots);
std::vector<std::set<std::string>> names_bound_by(const std::vector<Node>& body);

// Findings for tolerances looser than what counts: `rtol`, `atol`.
std::vector<Finding> check_tolerances(const std::vector<DeclaredTolerance>& declared, double rtol, double atol);

}  // namespace decomp
