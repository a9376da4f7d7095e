#pragma once
// JSON as decomp uses it: order-preserving objects, errors that say line and column.

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace decomp {

using Json = nlohmann::ordered_json;

struct JsonError {
  std::string message;
  int line = 0;    // 1-based
  int column = 0;  // 1-based, bytes
};

// Strict JSON: UTF-8, no byte order mark, no comments, no trailing text, no duplicate keys in one object, objects and
// lists nested at most `max_depth` deep.
std::variant<Json, JsonError> parse_json(std::string_view text, int max_depth = 256);

// Line and column (1-based) of the value at `pointer` ("/nodes/root/path") in `text`, which parse_json accepted.
// {0, 0} when there is no such value.
struct TextPosition {
  int line = 0;
  int column = 0;
  bool operator==(const TextPosition&) const = default;
};
TextPosition locate_json(std::string_view text, const std::string& pointer);

// Same, for the member *key* of the object at `pointer`.
TextPosition locate_json_key(std::string_view text, const std::string& pointer, const std::string& key);

}  // namespace decomp
