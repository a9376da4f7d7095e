#pragma once
// Loads the two shared parts on demand: libdecomp.so (LibTorch) and libdecomp_worker.so (CPython and torch).

#include <filesystem>
#include <vector>

#include "decomp/decomp.h"
#include "host/worker.h"
#include "pipeline/workspace.h"

namespace decomp {

// This executable.
std::filesystem::path self_path();

// Starts the worker first, then loads the engine while the worker starts Python, then judges.
Report load_and_run(const std::vector<StepFiles>& steps, const CheckOptions& options);

// `decomp __worker`: serves jobs on `control_fd` until it closes.
int run_worker(int control_fd);

}  // namespace decomp
