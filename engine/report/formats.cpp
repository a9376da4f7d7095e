#include "report/render.h"

namespace decomp {

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {"text", render_text},
      {"json", render_json},
  };
  return all;
}

}  // namespace decomp
