#pragma once
// Loads the two shared parts on demand: libdecomp.so (LibTorch) and libdecomp_worker.so (CPython and torch).

#include <cstddef>
#include <filesystem>
#include <functional>

#include "decomp/decomp.h"
#include "pipeline/engine.h"

namespace decomp {

// This executable.
std::filesystem::path self_path();

// Starts the worker first, then loads the engine while the worker starts Python, then calls the engine's entry of that name.
Report call_engine(const char* entry, const void* request, const CheckOptions& options);

// Where many calls of one process share a worker (decomp mcp).
struct SharedEngine {
  SpawnedWorker worker;  // kept
  std::function<void(std::size_t done, std::size_t total)> on_step;
};
// What call_engine() of this thread uses in place of a worker of its own; null: nothing. The caller keeps the object.
void share_engine(SharedEngine* engine);

// `request`: one of pipeline/engine.h's.
template <class Request>
Report load_and_run(const Request& request, const CheckOptions& options) {
  return call_engine(Request::entry, &request, options);
}

// `decomp __worker`: serves jobs on `control_fd` until it closes.
int run_worker(int control_fd);

}  // namespace decomp
