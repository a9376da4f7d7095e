#pragma once
// One workspace file, read once. What was digested and parsed is what runs.

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "decomp/finding.h"

namespace decomp {

struct Source {
  std::string path;    // as shown to people: relative to the checked path
  std::string module;  // import name: "linear_256x512_fp32"; "" when it cannot be imported
  std::string bytes;   // strict UTF-8
  std::string sha256;
};

// Reads a regular file (symbolic links are followed only inside `root`), at most `max_bytes`.
// A file that is missing, unreadable, too large, or not strict UTF-8 is a finding (rule file-unreadable,
// file-not-utf8), never a throw. `shown` becomes Source::path.
std::variant<Source, Finding> read_source(const std::filesystem::path& file, const std::string& shown,
                                          std::size_t max_bytes = 4u << 20);

// True if `bytes` is well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

// Line `number` (1-based) without its end, "" when there is none.
std::string_view source_line(std::string_view bytes, int number);

}  // namespace decomp
