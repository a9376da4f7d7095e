#include <cstdlib>
#include <cstring>

#include "report/render.h"

namespace decomp {

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {"text", render_text},
      {"json", render_json},
      {"agent", render_agent},
  };
  return all;
}

std::string default_format() {
  for (const char* name : {"AGENT", "CLAUDECODE"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0' && std::strcmp(value, "0") != 0) return "agent";
  }
  return "text";
}

}  // namespace decomp
