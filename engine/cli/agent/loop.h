#pragma once
// The gated loop around an agent: `decomp agent` runs one, `decomp batch-decompose --agent` one after another.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/agent/state.h"
#include "cli/check_options.h"

namespace decomp::agent {

struct LoopSettings {
  std::string command;                // for /bin/sh -c
  std::vector<std::string> writable;  // beside the workspace
  int max_turns = 20;
  double seconds = 0;  // of all turns; 0: no limit
  double turn_seconds = 1800;
  std::string config, inputs;  // files, of a model that must become one file first; as `decomp wrap` takes them
};

// All but the command.
void add_loop_options(CLI::App& app, LoopSettings& settings);

// Runs turns until the decomposition in `root` passes or a limit is met; goes on where a loop was ended. `model`: a file, or a model as
// native_model() takes it, which becomes one file in a phase 0. Its lines go to `err`. Throws Error(usage) for a model that cannot be
// begun or a folder that no loop has made.
State run_loop(const std::string& model, const std::filesystem::path& root, const LoopSettings& settings, const CommonOptions& options, std::ostream& err);

}  // namespace decomp::agent
