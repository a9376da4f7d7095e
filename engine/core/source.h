#pragma once
// One workspace file, read once. What was digested and parsed is what runs.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "decomp/finding.h"

namespace decomp {

struct Source {
  std::string path;    // as shown to people: relative to the checked path
  std::string module;  // import name: "linear_256x512_fp32"; "" when it cannot be imported
  std::string bytes;   // strict UTF-8
  std::string sha256;
};

// Reads a regular file of at most `max_bytes`. Symbolic links are followed; with `root` given, only to files inside it.
// A file that is missing, unreadable, too large, outside, or not strict UTF-8 is a finding (rule file-unreadable,
// file-not-utf8), never a throw. `shown` becomes Source::path.
std::variant<Source, Finding> read_source(const std::filesystem::path& file, const std::string& shown,
                                          std::size_t max_bytes = 4u << 20, const std::filesystem::path& root = {});

// True if `bytes` is well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

// Offset of the first byte that is not part of well-formed UTF-8, npos when there is none.
std::size_t first_bad_utf8(std::string_view bytes);

// Line `number` (1-based) without its end, "" when there is none. Lines end as Python's do: \n, \r\n or \r.
std::string_view source_line(std::string_view bytes, int number);

// The name by which Python can import `file`: its stem, if it ends in .py and is an identifier and no keyword; else "".
std::string module_name(const std::filesystem::path& file);

}  // namespace decomp
