#pragma once
// The engine's entries for callers that start the worker themselves (the command line does, before it loads LibTorch). Each
// is a request type here and a row in entries.cpp; the thin binary finds it by the request's name (cli/engine_loader.h).

#include <filesystem>
#include <optional>
#include <vector>

#include "checks/kernel_fixes.h"
#include "decomp/decomp.h"
#include "host/worker.h"
#include "pipeline/workspace.h"

namespace decomp {

// The decomp binary that serves `__worker`. Throws Error(infrastructure).
std::filesystem::path find_worker(const CheckOptions& options);

// Judges steps, and custody between those of one decomposition.
struct StepsRequest {
  static constexpr const char* entry = "steps";
  std::vector<StepFiles> steps;
  bool artefacts = false;  // of whole decompositions: their trees, logs and reports, what is missing, coverage
  std::vector<KernelFixes>* fixes = nullptr;  // where given, gets what would mend the names of kernels, per decomposition
};

// Runs the self-tests of all component files of one folder (pipeline/components.h).
struct TestsRequest {
  static constexpr const char* entry = "tests";
  std::filesystem::path folder;
};

// Lists the operations of `model`, and looks for each in the kernels of a decomposition, or in `children`.
struct CoverageRequest {
  static constexpr const char* entry = "coverage";
  std::filesystem::path model;
  std::filesystem::path decomposition;          // "" where children are named
  std::vector<std::filesystem::path> children;  // of one folder
};

// What there is to take apart in a model (pipeline/outline.h).
struct OutlineRequest {
  static constexpr const char* entry = "outline";
  std::filesystem::path model;
  Json* outline = nullptr;  // the answer; the report has only what went wrong
};

Report run_steps(const StepsRequest& request, const CheckOptions& options, SpawnedWorker spawned);
// Throws Error(nothing) for a folder without a component.
Report run_tests(const TestsRequest& request, const CheckOptions& options, SpawnedWorker spawned);
Report extract_operations(const CoverageRequest& request, const CheckOptions& options, SpawnedWorker spawned);

Report outline_model(const OutlineRequest& request, const CheckOptions& options, SpawnedWorker spawned);

// `request` points to the entry's request type.
using EngineEntry = void (*)(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report);

}  // namespace decomp
