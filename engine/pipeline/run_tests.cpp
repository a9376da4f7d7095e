// The engine's entry of `run-tests`.

#include "core/error.h"
#include "pipeline/component_tests.h"
#include "pipeline/engine.h"

namespace decomp {
namespace {

Status overall(const Report& report) {
  Status status = Status::pass;
  for (const ComponentReport& component : report.components) {
    if (component.status == Status::fail) return Status::fail;
    if (component.status == Status::not_decided) status = Status::not_decided;
  }
  return status;
}

}  // namespace

Report run_tests(const TestsRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  Session session(options, spawned);
  return test_components(session, request.folder, request.interrupted);
}

Report test_components(Session& session, const std::filesystem::path& folder, const volatile std::sig_atomic_t* interrupted) {
  const auto start = Clock::now();
  const CheckOptions& options = session.options();
  const std::vector<Component> components = read_components(session, folder);
  Report report;
  std::size_t count = 0;
  report.components = test_each(session, components, {}, interrupted, [&](const ComponentReport& component, std::size_t total) {
    if (!options.on_step) return;
    StepReport shown;
    shown.path = component.path;
    shown.status = component.status;
    options.on_step(shown, count++, total);
  });
  if (report.components.empty())
    throw Error(ErrorKind::nothing, "there is no component in " + folder.string() +
                                        ": components lie in level_0_kernel/ to level_3_model/, and in children/ of steps");
  report.status = overall(report);
  report.versions = session.versions();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace decomp
