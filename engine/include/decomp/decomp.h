#pragma once
// decomp as a library: check a step, a decomposition or a tree of them from C++.
//
//   decomp::Report report = decomp::check({"steps/step_1_model_to_layers"}, {});
//
// The library starts its worker (the `decomp` binary) with posix_spawn and never forks its host. Judged Python runs in
// sandboxed forks of that worker only. Calls are thread-safe; each starts a worker of its own.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "decomp/error.h"
#include "decomp/finding.h"
#include "decomp/report.h"

namespace decomp {

struct CheckOptions {
  std::optional<double> rtol;  // override the tolerance table for floating outputs; relative, no unit
  std::optional<double> atol;  // in units of the output
  int num_trials = 3;          // with the public seeds 42, 43, ...
  std::string device = "cpu";  // or "cuda", "cuda:0"
  int jobs = 0;                // steps at a time; 0 = one per core
  std::optional<double> wall_seconds;         // of each request to a job
  std::optional<double> cpu_seconds;          // of each job
  std::optional<std::uint64_t> memory_bytes;  // of each job, beyond what the worker maps itself
  std::optional<std::uint64_t> output_bytes;  // that judged code may print
  std::string sandbox = "auto";               // "auto", "required", "off"
  bool workspace_rules = true;  // names, levels, children's own inputs: errors; verify-step makes notes of them
  bool skip_anticheat = false;                // leaves the grammar out; the result is SKIPPED at best
  std::filesystem::path source;               // the model that was decomposed; "" = what decomposition_tree.json names
  std::filesystem::path cache;                // folder of what earlier calls found, outside every workspace; "" = each step is judged anew
  std::filesystem::path worker;               // the decomp binary; "" = beside the library, else DECOMP_WORKER, else PATH
  std::function<void(const StepReport& done, std::size_t index, std::size_t total)> on_step;  // as steps end, any order
};

// Judges every step below `paths`. Throws Error (decomp/error.h): usage for a path that is no workspace, nothing for one that
// holds no step, infrastructure when the worker cannot run. A bad workspace is no exception: see Report.
Report check(const std::vector<std::filesystem::path>& paths, const CheckOptions& options);

// One step from files that need not share a folder; children are looked for in `children/` beside `refactored`.
Report verify_step(const std::filesystem::path& original, const std::filesystem::path& refactored,
                   const std::optional<std::filesystem::path>& weight_map, const CheckOptions& options);

}  // namespace decomp
