#pragma once
// Options that check and verify-step share: flags, decomp.toml and [tool.decomp], in this order of precedence.

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iosfwd>
#include <string>

#include "decomp/decomp.h"
#include "decomp/report.h"
#include "report/render.h"

namespace decomp {

struct CommonOptions {
  CheckOptions check;
  std::string format = "text";
  bool verbose = false;
  bool strict = false;  // warnings count as errors
  double max_memory_mb = 0;
  double max_output_kb = 0;

  void add_to(CLI::App& app);
  // Fills what no flag set from the nearest decomp.toml or pyproject.toml at or above `folder`. Throws Error(usage) for a file
  // that is no TOML or holds an unknown key.
  void read_config(const CLI::App& app, const std::filesystem::path& folder);
};

// Parses; on --help prints it. Returns the exit code when the command is over already, -1 to go on.
int parse_arguments(CLI::App& app, std::vector<std::string> args, std::ostream& out, std::ostream& err);

// Renders in options.format and returns the exit code.
int finish(Report report, const CommonOptions& options, std::ostream& out);

// Progress on standard error, on a terminal only.
void show_progress(CommonOptions& options, std::size_t total);

}  // namespace decomp
