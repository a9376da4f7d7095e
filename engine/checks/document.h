#pragma once
// A JSON file of the workspace, and findings about places in it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "decomp/finding.h"

namespace decomp {

struct Document {
  std::string shown;  // path as shown to people
  std::string bytes;
  Json value;
};

// Parses strictly and holds it against schemas/<schema>.schema.json. Nothing, and a finding of the rule, where it does not fit.
std::optional<Document> parse_document(const std::string& shown, std::string bytes, const std::string& schema, const std::string& rule,
                                       std::vector<Finding>& findings);

// `pointer`: a JSON pointer to the value that is wrong.
Finding finding_in(const Document& document, const std::string& rule, Severity severity, const std::string& pointer, const std::string& message,
                   const std::string& help);

// "/" and the key as a part of a JSON pointer.
std::string pointer_part(std::string_view key);

}  // namespace decomp
