#pragma once
// What there is to take apart in a model: its modules as one recorded run shows them, and what `decompose` would make of each.

#include "core/json.h"
#include "pipeline/run_alone.h"

namespace decomp {

// `run`: with a tape and the calls of all modules. `proposal`: the generator's plan (python_bridge/decompose/proposal.py), looked at
// here before it is believed; null where it has none: then modules have no level, and every operation is named alone. The members:
// schemas/prompt.schema.json, "outline". Throws Json::exception for a proposal of another form.
Json outline_of(const OwnRun& run, const Json& proposal);

// Packages and local files that the model's file imports, beyond torch, NumPy and the standard library: reasons for phase 0.
std::vector<std::string> foreign_imports(const Facts& facts);

}  // namespace decomp
