#include "cli/engine_loader.h"

#include <dlfcn.h>

#include <iostream>

#include "cli/interrupt.h"
#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

void* load(const char* name) {
  fs::path self = self_path();
  std::string reasons;
  for (const fs::path& folder : {self.parent_path().parent_path() / DECOMP_LIBDIR, self.parent_path()}) {
    fs::path file = folder / name;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) continue;
    if (void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL)) return handle;
    reasons += std::string(" ") + ::dlerror();
  }
  throw Error(ErrorKind::infrastructure,
              std::string("cannot load ") + name + (reasons.empty() ? ": it is not beside the decomp binary" : ":" + reasons));
}

thread_local SharedEngine* shared = nullptr;

template <class Function>
Function symbol(void* library, const char* name) {
  void* found = ::dlsym(library, name);
  if (found == nullptr) throw Error(ErrorKind::infrastructure, std::string("the engine lacks ") + name + "; install decomp again");
  return reinterpret_cast<Function>(found);
}

}  // namespace

fs::path self_path() { return fs::read_symlink("/proc/self/exe"); }

void share_engine(SharedEngine* engine) { shared = engine; }

Report call_engine(const char* entry, const void* request, const CheckOptions& given) {
  CheckOptions options = given;
  if (shared != nullptr && shared->on_step)
    options.on_step = [steps = shared->on_step, done = std::size_t{0}](const StepReport&, std::size_t, std::size_t total) mutable { steps(++done, total); };
  SpawnedWorker worker = shared != nullptr ? shared->worker : spawn_worker({options.worker.empty() ? self_path() : options.worker, "", false});
  if (shared == nullptr) worker.stopped = interrupt_stops_jobs();
  void* library = load("libdecomp.so");
  EngineEntry run = symbol<EngineEntry (*)(const char*)>(library, "decomp_engine_entry")(entry);
  if (run == nullptr) throw Error(ErrorKind::infrastructure, std::string("the engine has no entry ") + entry + "; install decomp again");
  Report report;
  run(request, options, worker, report);
  return report;
}

int run_worker(int control_fd) {
  try {
    void* library = load("libdecomp_worker.so");
    return symbol<int (*)(int)>(library, "decomp_worker_main")(control_fd);
  } catch (const Error& e) {
    std::cerr << "decomp __worker: " << e.what() << '\n';
    return 3;
  }
}

}  // namespace decomp
