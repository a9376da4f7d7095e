#pragma once
// Text files compiled into the binary (cmake/DecompEmbed.cmake).

#include <string_view>

namespace decomp {

struct EmbeddedFile {
  std::string_view name;  // path relative to the directory that embeds it
  std::string_view text;
};

}  // namespace decomp
