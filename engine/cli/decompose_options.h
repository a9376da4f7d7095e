#pragma once
// Options that decompose and batch-decompose share.

#include <CLI/CLI.hpp>

#include "core/json.h"
#include "pipeline/engine.h"

namespace decomp {

inline void add_decompose_options(CLI::App& app, DecomposeRequest& request) {
  app.add_flag("--force", request.force, "Put what lies in the output folder aside, as DIR.1, DIR.2, ...");
  app.add_flag("!--no-fusions", request.fusions, "Cut no fusions out of longer modules; what the author grouped stays grouped");
  app.add_option("--max-level", request.max_level, "The level of the whole model at most: 3 has layers and fusions below it, 2 fusions or modules, 1 kernels")
      ->check(CLI::Range(1, 3));
}

// What the generator counted; empty where nothing was made.
Json summary_of(const DecomposeOutcome& outcome);

// Lines that say which modules were not taken apart by their own source, and why; "" where all were.
std::string ways_text(const Json& summary);

}  // namespace decomp
