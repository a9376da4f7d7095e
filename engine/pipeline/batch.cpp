// The engine's entry of `batch`: one decomposition after the other, each for itself.

#include "core/error.h"
#include "pipeline/judge.h"

namespace decomp {

void run_batch(const BatchRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  Session session(options, spawned);
  for (std::size_t i = 0; i < request.decompositions.size(); ++i) {
    const DecompositionFolder& folder = request.decompositions[i];
    if (request.interrupted != nullptr && *request.interrupted != 0) return;
    Report report;
    try {
      StepsRequest steps;
      steps.whole = true;
      steps.interrupted = request.interrupted;
      try {
        steps.steps = find_steps(folder.shown);
      } catch (const Error& e) {
        if (e.kind() != ErrorKind::nothing) throw;
        steps.without_steps = {folder};
      }
      report = judge_steps(session, steps);
    } catch (const Error& e) {  // of this one: the next may be sound
      report.status = Status::not_decided;
      report.findings.push_back({"run-not-decided", Severity::error, {folder.shown}, e.what(), "Try again."});
    }
    report.versions = session.versions();
    request.done(i, std::move(report));
  }
}

}  // namespace decomp
