#pragma once
// Options that decompose and batch-decompose share.

#include <CLI/CLI.hpp>

#include "pipeline/engine.h"

namespace decomp {

inline void add_decompose_options(CLI::App& app, DecomposeRequest& request) {
  app.add_flag("--force", request.force, "Put what lies in the output folder aside, as DIR.1, DIR.2, ...");
}

}  // namespace decomp
