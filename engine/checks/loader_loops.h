#pragma once
// Loops over what loader functions load, and their copies one element after the other, as the grammar sees them.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checks/loader_values.h"
#include "core/json.h"

namespace decomp {

// A value as python_bridge/build.py puts it on a shelf: {"items"}, {"value"}, {"gives", "module"}. Nothing for what no shelf can hold.
std::optional<Json> shelf_of(const LoadValue& value);

// Is there a file in it?
bool holds_files(const LoadValue& value);

// A Constant with the text or number at the node's place; null for other values.
Json constant_node(const LoadValue& value, const Node& at);

// Names that a target binds.
void target_names(const Node& target, std::set<std::string>& names);

// How often the tree speaks of one of the names.
std::size_t mentions_of(const Node& node, const std::set<std::string>& names);

// Does a loop's body leave the loop before its end?
bool leaves_loop(const Node& node);

// Is the name of a list or a dict only looked at: an entry taken, a loop over it?
bool only_read(const Node& module, const std::string& name);

}  // namespace decomp
