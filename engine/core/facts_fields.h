#pragma once
// Has each node of the facts the fields that Python gives it? Who reads a validated tree may rely on that.

#include <optional>
#include <string>

#include "core/json.h"

namespace decomp {

// What is wrong with the fields of `node`, whose own structure is sound, by rules/python_nodes.json; nothing for a kind that is
// not listed there: every judge refuses those by themselves.
std::optional<std::string> check_node_fields(const std::string& kind, const Json& node);

}  // namespace decomp
