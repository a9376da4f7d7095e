#pragma once
// Options that the commands share: flags, decomp.toml and [tool.decomp], in this order of precedence.

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "decomp/decomp.h"
#include "decomp/report.h"
#include "pipeline/workspace.h"
#include "report/render.h"

namespace decomp {

struct CommonOptions {
  CheckOptions check;
  std::string format = default_format();
  bool verbose = false;
  bool strict = false;  // warnings count as errors
  std::optional<double> max_memory_mb;
  std::optional<double> max_output_kb;

  bool no_cache = false;
  std::filesystem::path cache;  // "" = the user's

  void add_to(CLI::App& app);
  // Those of a command that takes over what an earlier call found (cli/cached_check.h).
  void add_cache_to(CLI::App& app);
  // Those of a command that compares nothing: jobs, limits, sandbox, format.
  void add_limits_to(CLI::App& app);
  // What no flag of `app` set is taken from a settings file (cli/settings.h); the result makes sense, or Error(usage) is
  // thrown. Returns findings about settings files.
  std::vector<Finding> complete(const CLI::App& app, const std::filesystem::path& start, const std::vector<StepFiles>& steps);
};

// Parses; on --help prints it. Returns the exit code when the command is over already, -1 to go on.
int parse_arguments(CLI::App& app, std::vector<std::string> args, std::ostream& out, std::ostream& err);

// With --strict, makes errors of warnings, and a pass that had one a fail.
void apply_strict(Report& report, const CommonOptions& options);

// Renders in options.format and returns the exit code.
int finish(const Report& report, const CommonOptions& options, std::ostream& out);

// How to render for `options`, on standard output.
RenderOptions render_options(const CommonOptions& options);

// Progress on standard error: on a terminal one line that is overwritten, with what ended last, how many of how many, and the time
// that is left; elsewhere a plain line every half minute of long work.
class Progress {
 public:
  Progress(std::size_t total, std::string what);
  void done(const std::string& last);
  void done(const std::string& last, std::size_t total);
  void clear() const;  // before anything else is written

 private:
  std::size_t total_;
  std::size_t done_ = 0;
  std::string what_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_, said_;
};

// Progress of steps or components.
void show_progress(CommonOptions& options, std::size_t total);

}  // namespace decomp
