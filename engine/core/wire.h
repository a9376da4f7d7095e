#pragma once
// Reading fields of a job's reply: hostile input, so every access is checked. All throw std::invalid_argument naming
// the field.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"

namespace decomp::wire {

const Json& field(const Json& object, const char* name);  // `object` may be any JSON value
const std::string& text(const Json& object, const char* name);
bool boolean(const Json& object, const char* name);
// An integer in [low, high].
std::int64_t integer(const Json& object, const char* name, std::int64_t low, std::int64_t high);
const Json& list(const Json& object, const char* name);
std::vector<std::string> texts(const Json& object, const char* name);
// A list of integers in [low, high].
std::vector<std::int64_t> integers(const Json& object, const char* name, std::int64_t low, std::int64_t high);
// Non-negative integers, at most 64 of them (torch's own bound on dimensions).
std::vector<std::int64_t> dimensions(const Json& object, const char* name);

// Bytes of a C-contiguous tensor. Throws also when the product overflows with zero dimensions counted as one, as torch
// does.
std::int64_t contiguous_bytes(const std::vector<std::int64_t>& shape, std::size_t element_bytes);
// Elements from the first to one past the last that a strided tensor reaches; 0 when it is empty.
std::int64_t strided_extent(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides);

// At most `bytes` bytes of UTF-8 text, cut between characters: messages go into JSON reports.
std::string clipped(const std::string& text, std::size_t bytes = 40);

// "[2, 3]"
std::string shape_text(const std::vector<std::int64_t>& shape);

// Exactly what C's "%a" and Python's float.hex() write, or "nan", "inf", "-inf"; nullopt for anything else.
std::optional<double> real(const std::string& text);

}  // namespace decomp::wire
