#pragma once
// The engine's entry for callers that start the worker themselves (the command line does, before it loads LibTorch).

#include <filesystem>
#include <optional>
#include <vector>

#include "decomp/decomp.h"
#include "host/worker.h"
#include "pipeline/workspace.h"

namespace decomp {

// The decomp binary that serves `__worker`. Throws Error(infrastructure).
std::filesystem::path find_worker(const CheckOptions& options);

Report run_steps(const std::vector<StepFiles>& steps, const CheckOptions& options, SpawnedWorker spawned);

}  // namespace decomp
