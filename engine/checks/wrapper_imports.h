#pragma once
// What a self-contained wrapper imports: torch and the standard library.

#include <vector>

#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

// A finding (wrapper-not-self-contained) for each import of anything else, wherever it stands. Where the file runs by path only, an
// import is a module of its own.
std::vector<Finding> check_wrapper_imports(const Facts& facts);

}  // namespace decomp
