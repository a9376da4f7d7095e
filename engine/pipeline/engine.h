#pragma once
// The engine's entries for callers that start the worker themselves (the command line does, before it loads LibTorch). Each
// is a request type here and a row in entries.cpp; the thin binary finds it by the request's name (cli/engine_loader.h).

#include <csignal>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "checks/kernel_fixes.h"
#include "decomp/decomp.h"
#include "host/worker.h"
#include "pipeline/native_model.h"
#include "pipeline/workspace.h"

namespace decomp {

// The decomp binary that serves `__worker`. Throws Error(infrastructure).
std::filesystem::path find_worker(const CheckOptions& options);

// The files that a call read, as ReadLog::reads(), and where Python and torch lie.
struct ReadFiles {
  std::map<std::string, std::string> files;
  bool consistent = false;
  std::string torch_folder, library_folder;
};

// Judges steps, and custody between those of one decomposition.
struct StepsRequest {
  static constexpr const char* entry = "steps";
  std::vector<StepFiles> steps;
  bool whole = false;  // of whole decompositions: their trees, logs and reports, what is missing, coverage, the composition test
  std::vector<KernelFixes>* fixes = nullptr;  // where given, gets what would mend the names of kernels, per decomposition
  std::vector<DecompositionFolder> without_steps = {};
  const volatile std::sig_atomic_t* interrupted = nullptr;  // becomes 1 when no further step shall begin
  ReadFiles* reads = nullptr;                               // where given, gets what the verdict rests on
};

// Runs the self-tests of all component files of one folder (pipeline/components.h).
struct TestsRequest {
  static constexpr const char* entry = "tests";
  std::filesystem::path folder;
  const volatile std::sig_atomic_t* interrupted = nullptr;
};

// Lists the operations of `model`, and looks for each in the kernels of a decomposition, or in `children`.
struct CoverageRequest {
  static constexpr const char* entry = "coverage";
  std::filesystem::path model;
  std::filesystem::path decomposition;          // "" where children are named
  std::vector<std::filesystem::path> children;  // of one folder
  bool graphs = true;                           // list what torch.fx, torch.compile and hooks see, too; coverage is the tape's alone
  const volatile std::sig_atomic_t* interrupted = nullptr;
};

// What there is to take apart in a model (pipeline/outline.h).
struct OutlineRequest {
  static constexpr const char* entry = "outline";
  std::filesystem::path model;
  Json* outline = nullptr;  // the answer; the report has only what went wrong
};

// One model to take apart, and the folder for what becomes of it.
struct DecomposeItem {
  std::filesystem::path model;
  std::filesystem::path output;
};

struct DecomposeOutcome {
  std::filesystem::path model, output;
  Report report;                        // of the proof; where it passed, the decomposition lies in `output`
  bool partial = false;                 // a part of it does, marked as such: some module could not be taken apart
  std::string summary;                  // JSON: counts of steps, components and kernels; "" where none was made
  std::filesystem::path unproved;       // where an unproved decomposition was left, "" when there is none
  std::filesystem::path put_aside;      // where what lay in `output` went, "" when nothing did
  double generate_seconds = 0;
  double seconds = 0;
};

// Takes models apart, CheckOptions::jobs at a time, each in a process of its own (engine/decompose/). `on_done` is called for one at
// a time, in the order of their ends.
struct DecomposeRequest {
  static constexpr const char* entry = "decompose";
  std::vector<DecomposeItem> items;
  bool force = false;
  bool fusions = true;  // cut runs of kernels out of longer modules
  int max_level = 3;    // of the whole model
  std::function<void(const DecomposeOutcome&)> on_done;  // one call at a time, in the order in which they end
};

class Session;

Report run_steps(const StepsRequest& request, const CheckOptions& options, SpawnedWorker spawned);
// With a session that goes on.
Report cover_operations(Session& session, const CoverageRequest& request);
Report test_components(Session& session, const std::filesystem::path& folder, const volatile std::sig_atomic_t* interrupted = nullptr);
// Throws Error(nothing) for a folder without a component.
Report run_tests(const TestsRequest& request, const CheckOptions& options, SpawnedWorker spawned);
// Its status is the worst of all models.
Report decompose_models(const DecomposeRequest& request, const CheckOptions& options, SpawnedWorker spawned);
Report extract_operations(const CoverageRequest& request, const CheckOptions& options, SpawnedWorker spawned);

Report outline_model(const OutlineRequest& request, const CheckOptions& options, SpawnedWorker spawned);

// Judges whole decompositions, one after the other; what ails one never stops the next. `done`: gets each report as it is made.
struct BatchRequest {
  static constexpr const char* entry = "batch";
  std::vector<DecompositionFolder> decompositions;
  std::function<void(std::size_t place, Report&& report)> done;
  const volatile std::sig_atomic_t* interrupted = nullptr;
};
void run_batch(const BatchRequest& request, const CheckOptions& options, SpawnedWorker spawned);

// Makes the composition of one decomposition and proves it. `text`: gets it, "" where it could not be made.
struct ComposeRequest {
  static constexpr const char* entry = "compose";
  DecompositionFolder folder;
  std::vector<StepFiles> steps;
  std::string* text = nullptr;
  const volatile std::sig_atomic_t* interrupted = nullptr;
};
// Phase 0 (pipeline/wrapper.h): a self-contained file against its native model.
struct WrapperRequest {
  static constexpr const char* entry = "wrapper";
  NativeModel native;
  std::filesystem::path wrapper;
  // Where given, the file is written first: from inputs as JSON or Python text. `text` gets it where it is proved.
  struct Make {
    std::string inputs;
    bool python = false;
    std::string* text = nullptr;
  };
  std::optional<Make> make = {};
};
Report run_wrapper(const WrapperRequest& request, const CheckOptions& options, SpawnedWorker spawned);
Report run_compose(const ComposeRequest& request, const CheckOptions& options, SpawnedWorker spawned);

// `request` points to the entry's request type.
using EngineEntry = void (*)(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report);

}  // namespace decomp
