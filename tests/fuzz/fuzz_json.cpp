// The strict JSON parser: what it takes is JSON to another parser too, says each value's place rightly, and survives printing.

#include "core/json.h"
#include "fuzz.h"

using namespace decomp;
using decomp::fuzz::require;

namespace {

// Offset of a line and column, as people count them.
std::size_t offset_of(std::string_view text, TextPosition at) {
  std::size_t offset = 0;
  for (int line = 1; line < at.line; ++line) offset = text.find('\n', offset) + 1;
  return offset + static_cast<std::size_t>(at.column) - 1;
}

std::string escaped(std::string_view key) {
  std::string part;
  for (const char c : key) part += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return part;
}

void check_places(std::string_view text, const Json& value, const std::string& pointer, int& left) {
  if (--left < 0) return;
  const TextPosition at = locate_json(text, pointer);
  require(at.line > 0 && at.column > 0, "the value at \"" + pointer + "\" has no place");
  const std::size_t offset = offset_of(text, at);
  require(offset < text.size(), "the value at \"" + pointer + "\" lies past the end");
  const char first = text[offset];
  const bool fits = value.is_object()    ? first == '{'
                    : value.is_array()   ? first == '['
                    : value.is_string()  ? first == '"'
                    : value.is_boolean() ? first == (value.get<bool>() ? 't' : 'f')
                    : value.is_null()    ? first == 'n'
                                         : first == '-' || (first >= '0' && first <= '9');
  require(fits, "the place of \"" + pointer + "\" holds another value");
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) check_places(text, value[i], pointer + "/" + std::to_string(i), left);
  if (value.is_object())
    for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
      const TextPosition key_at = locate_json_key(text, pointer, key);
      require(key_at.line > 0 && text[offset_of(text, key_at)] == '"', "the key \"" + key + "\" has no place");
      check_places(text, member, pointer + "/" + escaped(key), left);
    }
}

}  // namespace

DECOMP_FUZZ_JSON

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto parsed = parse_json(text, 40);
  if (const auto* error = std::get_if<JsonError>(&parsed)) {
    require(!error->message.empty() && error->line >= 1 && error->column >= 1, "an error without message or place");
    require(offset_of(text, {error->line, error->column}) <= text.size(), "an error past the end of the text");
    return 0;
  }
  const Json& value = std::get<Json>(parsed);
  require(Json::parse(text, nullptr, false) == value, "another parser reads another value");
  const std::string printed = value.dump();
  const auto again = parse_json(printed, 40);
  require(std::holds_alternative<Json>(again) && std::get<Json>(again) == value, "printing and reading it again changes the value");
  int left = 60;  // looking for places starts at the front of the text each time
  check_places(text, value, "", left);
  require(locate_json(text, "/no such member") == TextPosition{} || value.is_object(), "a member that is not there has a place");
  return 0;
}
