// The thin binary's way in: one symbol, a table behind it.

#include <cstring>

#include "pipeline/engine.h"

namespace decomp {
namespace {

void steps(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = run_steps(*static_cast<const StepsRequest*>(request), options, spawned);
}

void tests(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = run_tests(*static_cast<const TestsRequest*>(request), options, spawned);
}

void coverage(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = extract_operations(*static_cast<const CoverageRequest*>(request), options, spawned);
}

void outline(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = outline_model(*static_cast<const OutlineRequest*>(request), options, spawned);
}

void decompose(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = decompose_models(*static_cast<const DecomposeRequest*>(request), options, spawned);
}

void composition(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = run_compose(*static_cast<const ComposeRequest*>(request), options, spawned);
}

void batch(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report&) {
  run_batch(*static_cast<const BatchRequest*>(request), options, spawned);
}

void wrapper(const void* request, const CheckOptions& options, SpawnedWorker spawned, Report& report) {
  report = run_wrapper(*static_cast<const WrapperRequest*>(request), options, spawned);
}

constexpr struct {
  const char* name;
  EngineEntry run;
} entries[] = {
    {StepsRequest::entry, steps},
    {TestsRequest::entry, tests},
    {CoverageRequest::entry, coverage},
    {OutlineRequest::entry, outline},
    {DecomposeRequest::entry, decompose},
    {ComposeRequest::entry, composition},
    {BatchRequest::entry, batch},
    {WrapperRequest::entry, wrapper},
};

}  // namespace
}  // namespace decomp

// Null for a name that there is not: the binary and the library are of two installations.
extern "C" __attribute__((visibility("default"))) decomp::EngineEntry decomp_engine_entry(const char* name) {
  for (const auto& entry : decomp::entries)
    if (std::strcmp(entry.name, name) == 0) return entry.run;
  return nullptr;
}
