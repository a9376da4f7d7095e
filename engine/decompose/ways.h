#pragma once
// The ways in which a module is taken apart, one after the other: by its author's own source; by straight-line code from the recorded
// run; not at all, when it stands in the tree as it is (its boundary, or one opaque kernel). The generator falls back by itself where a
// construct cannot be expressed; what was expressed and is not proved falls back here.

#include <filesystem>
#include <vector>

#include "core/json.h"
#include "decomp/report.h"

namespace decomp {

// For every step of `report` that failed: the modules that it stands for, and the way that comes after the one that was taken, into
// `ways`: {module's path: {"way": ..., "reason": ...}}. `summary`: the generator's. False where nothing is left to try.
bool next_ways(const Report& report, const Json& summary, Json& ways);

// What stands in the tree without having been taken apart, as findings.
std::vector<Finding> gaps_of(const Json& summary, const std::filesystem::path& model);

}  // namespace decomp
