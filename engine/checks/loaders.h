#pragma once
// Loader functions around importlib (RULES §2): what they bind, read from the file, so that decomp's own finder can bind it. The
// loaders themselves never run.

#include <set>
#include <string>
#include <vector>

#include "checks/loaded_name.h"
#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

struct LoadFinding {
  std::size_t statement = 0;  // of the module
  Finding finding;
};

struct LoaderReading {
  // The module with as many statements as it had: `X = load("x")` as an import, expressions that load as names.
  Json tree;
  std::set<std::size_t> imports;       // statements that have become one; parallel: `loaded`
  std::vector<LoadedName> loaded;      // by these statements, in their order
  std::set<std::size_t> helpers;       // statements that only serve to load, and are not needed any more
  // Names that stand for expressions. Each is bound by an import statement of its own, which has the expression's position.
  struct Inner {
    LoadedName name;
    Json import;
  };
  std::vector<Inner> inner;
  std::vector<LoadedName> shelves;     // what loops of the file go through, in the place of their expressions
  std::vector<LoadFinding> findings;   // loads that cannot be read
  bool empty() const { return imports.empty() && inner.empty() && findings.empty(); }
};

// `kernels`: of a composition test, the files of level_0_kernel/: a loader may be given any text then, and gives the kernel of that
// name, whichever it is. Else only what literal texts name is loaded.
LoaderReading read_loaders(const Facts& facts, const std::set<std::string>& kernels = {});

// A file whose loads have become imports: its tree without helpers, what is bound before it runs, and the lines that do not run.
struct LoadsAsImports {
  Facts facts;
  std::vector<LoadedName> loaded;
  std::vector<std::pair<int, int>> dropped;
  std::vector<Finding> findings;
};
LoadsAsImports loads_as_imports(const Facts& facts);

}  // namespace decomp
