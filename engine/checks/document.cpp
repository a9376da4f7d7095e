#include "checks/document.h"

#include "core/schema.h"

namespace decomp {

std::string pointer_part(std::string_view key) {
  std::string part = "/";
  for (const char c : key) part += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return part;
}

Finding finding_in(const Document& document, const std::string& rule, Severity severity, const std::string& pointer, const std::string& message,
                   const std::string& help) {
  const TextPosition at = locate_json(document.bytes, pointer);
  return {rule, severity, {document.shown, at.line, at.column}, message, help};
}

std::optional<Document> parse_document(const std::string& shown, std::string bytes, const std::string& schema, const std::string& rule,
                                       std::vector<Finding>& findings) {
  auto parsed = parse_json(bytes);
  if (const auto* error = std::get_if<JsonError>(&parsed)) {
    findings.push_back({rule, Severity::error, {shown, error->line, error->column}, "is no valid JSON: " + error->message, "Mend the JSON, or let decomp write the file."});
    return std::nullopt;
  }
  Document document{shown, std::move(bytes), std::move(std::get<Json>(parsed))};
  if (const auto violation = find_schema_violation(schema, document.value)) {
    findings.push_back(finding_in(document, rule, Severity::error, violation->pointer,
                                  "does not fit its schema at " + (violation->pointer.empty() ? "the top level" : violation->pointer) + ": " + violation->reason,
                                  "Write it as schemas/" + schema + ".schema.json describes it."));
    return std::nullopt;
  }
  return document;
}

}  // namespace decomp
