#pragma once
// What there is to take apart in a model, from one recorded run of it: modules with shapes and a proposed level each, and the
// kernels with the names that decomp gives them.

#include "core/json.h"
#include "pipeline/run_alone.h"

namespace decomp {

// `run`: with a tape and the calls of all modules. The members: schemas/prompt.schema.json, "outline".
Json outline_of(const OwnRun& run);

// Packages and local files that the model's file imports, beyond torch, NumPy and the standard library: reasons for phase 0.
std::vector<std::string> foreign_imports(const Facts& facts);

}  // namespace decomp
