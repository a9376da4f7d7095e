#pragma once
// Options that decompose and batch-decompose share.

#include <CLI/CLI.hpp>

#include "pipeline/engine.h"

namespace decomp {

inline void add_decompose_options(CLI::App& app, DecomposeRequest& request) {
  app.add_flag("--force", request.force, "Put what lies in the output folder aside, as DIR.1, DIR.2, ...");
  app.add_flag("!--no-fusions", request.fusions, "Make no fusions of one's own; modules of the author's may still be fusions");
  app.add_option("--max-level", request.max_level, "The highest level that the model may be given (3: model)")->check(CLI::Range(0, 3));
}

}  // namespace decomp
