#include "pipeline/step.h"

#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"

namespace decomp {

StepReport verify(Session& session, const StepFiles& files, StepEvidence& evidence) {
  StepContext step{session, files, {}};
  step.report.path = files.composition ? files.shown + "/verification/composition_test.py" : files.shown;
  step.report.original_file = files.original.lexically_normal().string();
  step.report.refactored_file = files.refactored.lexically_normal().string();
  if (files.weight_map) step.report.weight_map_file = files.weight_map->lexically_normal().string();
  step.report.decomposition = files.decomposition ? files.decomposition->shown : "";
  step.report.threads = step.model_job().threads;
  step.report.anticheat_skipped = session.options().skip_anticheat;
  try {
    static const std::vector<void (*)(StepContext&)> of_step = {read_sources, judge_sources, judge_memory, build_models, map_step_weights,
                                                                run_trials, judge_movement, judge_probes, judge_in_double, replay_children,
                                                                judge_range};
    // Each kernel was replayed alone where a step made it.
    static const std::vector<void (*)(StepContext&)> of_composition = {read_sources, judge_composition_sources, judge_memory, build_models,
                                                                       map_step_weights, run_trials, judge_composition_tolerances, judge_movement,
                                                                       judge_in_double};
    for (auto stage : files.composition ? of_composition : of_step) {
      stage(step);
      if (step.has_errors()) break;
    }
  } catch (const StepStop& stop) {
    step.add(stop.finding);
  } catch (const StepUndecided& undecided) {
    step.add(undecided.finding);
    return std::move(step.report);  // not_decided
  } catch (const Json::exception& error) {  // a reply that is JSON and has a value of the wrong kind
    step.add({"run-garbled", Severity::error, {step.refactored ? step.refactored->path : files.shown},
              std::string("a job of this step gave an answer that cannot be read: ") + error.what(),
              "Run the file alone with plain Python and look at what it does to its process."});
  }
  evidence = collect_evidence(step);
  if (step.report.status == Status::not_decided)
    step.report.status = step.has_errors() ? Status::fail : step.report.anticheat_skipped ? Status::skipped : Status::pass;
  return std::move(step.report);
}

}  // namespace decomp
