#include "core/schema.h"

#include <algorithm>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/embedded.h"
#include "core/error.h"

namespace decomp {

extern const EmbeddedFile* const schema_files_begin;
extern const EmbeddedFile* const schema_files_end;

namespace {

constexpr std::string_view suffix = ".schema.json";

// "<root>[steps][0]" as a JSON pointer. Keys that hold brackets themselves read a little odd.
std::string pointer(const std::vector<std::string>& context) {
  std::string text;
  for (const std::string& part : context) {
    if (part == "<root>") continue;
    text += '/';
    for (const char c : part.size() > 2 && part.front() == '[' ? part.substr(1, part.size() - 2) : part)
      text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return text;
}

// valijson says "Failed to validate against schema ..." after the reason: the first error that says more is the reason.
SchemaViolation first_reason(valijson::ValidationResults& results) {
  valijson::ValidationResults::Error error;
  SchemaViolation violation{"", "unknown"};
  for (bool first = true; results.popError(error); first = false) {
    const bool general = error.description.rfind("Failed to validate", 0) == 0;
    if (!first && general) continue;
    violation = {pointer(error.context), error.description};
    if (!general) break;
  }
  return violation;
}

}  // namespace

std::vector<std::string> schema_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile* file = schema_files_begin; file != schema_files_end; ++file)
    names.emplace_back(file->name.substr(0, file->name.size() - suffix.size()));
  std::sort(names.begin(), names.end());
  return names;
}

std::string_view schema_text(const std::string& name) {
  for (const EmbeddedFile* file = schema_files_begin; file != schema_files_end; ++file)
    if (file->name == name + std::string(suffix)) return file->text;
  throw Error(ErrorKind::infrastructure, "there is no schema " + name);
}

std::optional<std::string> schema_violation(const std::string& name, const Json& document) {
  const auto violation = find_schema_violation(name, document);
  if (!violation) return std::nullopt;
  return "at " + (violation->pointer.empty() ? "the top level" : violation->pointer) + ": " + violation->reason;
}

std::optional<SchemaViolation> find_schema_violation(const std::string& name, const Json& document) {
  // valijson's adapter takes nlohmann::json only; the order of members does not matter to a schema.
  const nlohmann::json definition = nlohmann::json::parse(schema_text(name));
  const nlohmann::json plain = document;
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(definition), schema);
  valijson::ValidationResults results;
  // Strong types: "1" is no number.
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(plain), &results)) return std::nullopt;
  return first_reason(results);
}

}  // namespace decomp
