#pragma once
// The JSON files that decomp writes and reads, described as JSON Schemas (draft 7): schemas/<name>.schema.json, compiled
// into the binary. Names: facts, report, verification_result, weight_map.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace decomp {

std::vector<std::string> schema_names();                  // sorted
std::string_view schema_text(const std::string& name);  // Throws Error(infrastructure) for a name that there is not.

// Where and why `document` does not fit the schema ("at /status: ..."), nothing when it does. Recursive in the depth of the
// document, and slow for a large one. Throws Error(infrastructure) for a name that there is not.
std::optional<std::string> schema_violation(const std::string& name, const Json& document);

// The same in two parts: a JSON pointer, for locate_json, and why.
struct SchemaViolation {
  std::string pointer;
  std::string reason;
};
std::optional<SchemaViolation> find_schema_violation(const std::string& name, const Json& document);

}  // namespace decomp
