#pragma once
// Loads the two shared parts on demand: libdecomp.so (LibTorch) and libdecomp_worker.so (CPython and torch).

#include <filesystem>

#include "decomp/decomp.h"
#include "pipeline/engine.h"

namespace decomp {

// This executable.
std::filesystem::path self_path();

// Starts the worker first, then loads the engine while the worker starts Python, then calls the engine's entry of that name.
Report call_engine(const char* entry, const void* request, const CheckOptions& options);

// `request`: one of pipeline/engine.h's.
template <class Request>
Report load_and_run(const Request& request, const CheckOptions& options) {
  return call_engine(Request::entry, &request, options);
}

// `decomp __worker`: serves jobs on `control_fd` until it closes.
int run_worker(int control_fd);

}  // namespace decomp
