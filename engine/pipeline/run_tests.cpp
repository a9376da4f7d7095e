// The engine's entry of `run-tests`.

#include "core/error.h"
#include "pipeline/component_tests.h"
#include "pipeline/engine.h"
#include "pipeline/over_cores.h"

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
  return test_components(session, request.folder);
}

Report test_components(Session& session, const std::filesystem::path& folder) {
  const auto start = Clock::now();
  const CheckOptions& options = session.options();
  const std::vector<Component> components = read_components(session, folder);
  std::vector<const Component*> tested;
  for (const Component& c : components)
    if (!c.repeated && !c.original) tested.push_back(&c);
  if (tested.empty())
    throw Error(ErrorKind::nothing, "there is no component in " + folder.string() +
                                        ": components lie in level_0_kernel/ to level_3_model/, and in children/ of steps");
  Report report;
  report.components.resize(tested.size());
  ComponentTests tests(session, components);
  std::size_t done = 0;
  std::mutex mutex;
  over_cores(tested.size(), session.steps_at_once(), [&](std::size_t i) {
    ComponentReport& component = report.components[i];
    try {
      component = tests.run(*tested[i]);
    } catch (const Error& e) {
      component.path = tested[i]->shown;
      component.status = Status::not_decided;
      component.findings = {{"run-not-decided", Severity::error, {tested[i]->shown}, e.what(), "Try again."}};
      if (e.kind() == ErrorKind::usage) throw;
    }
    if (!options.on_step) return;
    StepReport shown;
    shown.path = component.path;
    shown.status = component.status;
    std::lock_guard lock(mutex);
    options.on_step(shown, done++, tested.size());
  });
  report.status = overall(report);
  report.versions = session.versions();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace decomp
