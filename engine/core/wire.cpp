#include "core/wire.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace decomp::wire {
namespace {

constexpr std::size_t max_dimensions = 64;

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

std::string quoted(const char* name) { return std::string("\"") + name + "\""; }

std::int64_t checked_multiply(std::int64_t a, std::int64_t b, const std::vector<std::int64_t>& shape) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product))
    refuse("shape " + shape_text(shape) + " has more bytes than can be addressed");
  return product;
}

// `subject`: what the message says of the value, up to the verb.
std::int64_t in_range(const Json& value, const std::string& subject, std::int64_t low, std::int64_t high) {
  if (!value.is_number_integer()) refuse(subject + " no integer but " + value.type_name());
  const bool too_large =
      value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::int64_t number = too_large ? high : value.get<std::int64_t>();
  if (too_large || number < low || number > high)
    refuse(subject + " " + value.dump() + ", outside " + std::to_string(low) + " to " + std::to_string(high));
  return number;
}

}  // namespace

const Json& field(const Json& object, const char* name) {
  if (!object.is_object()) refuse("expected an object with " + quoted(name) + ", found " + object.type_name());
  const auto found = object.find(name);
  if (found == object.end()) refuse(quoted(name) + " is missing");
  return *found;
}

const std::string& text(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_string()) refuse(quoted(name) + " is no string");
  return value.get_ref<const std::string&>();
}

bool boolean(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_boolean()) refuse(quoted(name) + " is neither true nor false");
  return value.get<bool>();
}

std::int64_t integer(const Json& object, const char* name, std::int64_t low, std::int64_t high) {
  return in_range(field(object, name), quoted(name) + " is", low, high);
}

const Json& list(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_array()) refuse(quoted(name) + " is no list");
  return value;
}

std::vector<std::string> texts(const Json& object, const char* name) {
  std::vector<std::string> read;
  for (const Json& item : list(object, name)) {
    if (!item.is_string()) refuse(quoted(name) + " holds something that is no string");
    read.push_back(item.get<std::string>());
  }
  return read;
}

std::vector<std::int64_t> integers(const Json& object, const char* name, std::int64_t low, std::int64_t high) {
  const Json& items = list(object, name);
  std::vector<std::int64_t> numbers;
  numbers.reserve(items.size());
  for (const Json& item : items) numbers.push_back(in_range(item, quoted(name) + " holds", low, high));
  return numbers;
}

std::vector<std::int64_t> dimensions(const Json& object, const char* name) {
  const Json& value = list(object, name);
  if (value.size() > max_dimensions)
    refuse(quoted(name) + " has " + std::to_string(value.size()) + " dimensions, more than " +
           std::to_string(max_dimensions));
  return integers(object, name, 0, std::numeric_limits<std::int64_t>::max());
}

std::int64_t contiguous_bytes(const std::vector<std::int64_t>& shape, std::size_t element_bytes) {
  std::int64_t bytes = static_cast<std::int64_t>(element_bytes);
  bool empty = false;
  for (const std::int64_t size : shape) {
    empty = empty || size == 0;
    bytes = checked_multiply(bytes, std::max<std::int64_t>(size, 1), shape);
  }
  return empty ? 0 : bytes;
}

std::int64_t strided_extent(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  if (shape.size() != strides.size())
    refuse("\"strides\" has " + std::to_string(strides.size()) + " numbers for " + std::to_string(shape.size()) +
           " dimensions");
  std::int64_t last = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0) return 0;
    const std::int64_t reach = checked_multiply(shape[i] - 1, strides[i], shape);
    if (__builtin_add_overflow(last, reach, &last)) refuse("strides reach further than can be addressed");
  }
  if (last == std::numeric_limits<std::int64_t>::max()) refuse("strides reach further than can be addressed");
  return last + 1;
}

std::string clipped(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes) + "...";
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::optional<double> real(const std::string& text) {
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  const bool negative = !text.empty() && text[0] == '-';
  const char* begin = text.data() + (negative ? 1 : 0);
  const char* end = text.data() + text.size();
  if (end - begin < 3 || begin[0] != '0' || begin[1] != 'x') return std::nullopt;
  begin += 2;
  // from_chars takes a sign, "inf" and "nan"; a digit must come first here.
  const bool digit = (*begin >= '0' && *begin <= '9') || (*begin >= 'a' && *begin <= 'f');
  double value = 0.0;
  const auto [rest, error] = std::from_chars(begin, end, value, std::chars_format::hex);
  if (!digit || error != std::errc() || rest != end) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace decomp::wire
