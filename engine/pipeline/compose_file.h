#pragma once
// composition_test.py around a composed text: imports, the weight map, a test that plain Python and torch can run.

#include <string>
#include <vector>

#include "core/json.h"
#include "pipeline/compose_text.h"

namespace decomp {

// Names that the file itself uses.
const std::vector<std::string>& composition_file_names();

// `model`: what it is called, for people. `original`: the source model's file, relative to the decomposition's folder.
// `weight_map`: {original key: [target, ...] or null}, a target being a key or {"key", "rows"}.
std::string composition_file(const ComposedText& composed, const std::string& model, const std::string& original, const Json& weight_map);

}  // namespace decomp
