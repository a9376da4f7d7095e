#pragma once
// Plain values as bytes that read back exactly: CBOR, which has NaN and infinities, by nlohmann's macros.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace nlohmann {
template <class T>
struct adl_serializer<std::optional<T>, void> {
  static void to_json(json& j, const std::optional<T>& value) { j = value ? json(*value) : json(nullptr); }
  static void from_json(const json& j, std::optional<T>& value) {
    if (j.is_null())
      value.reset();
    else
      value = j.get<T>();
  }
};
}  // namespace nlohmann

namespace decomp {

template <class T>
std::string to_bytes(const T& value) {
  std::string bytes;
  nlohmann::json::to_cbor(nlohmann::json(value), bytes);
  return bytes;
}

// Throws std::exception for bytes of anything else.
template <class T>
T from_bytes(const std::string& bytes) {
  return nlohmann::json::from_cbor(bytes).get<T>();
}

}  // namespace decomp
