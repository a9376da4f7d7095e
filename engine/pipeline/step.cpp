#include "pipeline/step.h"

#include "pipeline/step_cache.h"
#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"

namespace decomp {

namespace {

StepReport judge(Session& session, const StepFiles& files, StepEvidence& evidence, bool hears) {
  StepContext step{session, files, {}};
  step.hears = hears;
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
                                                                       judge_composition_probes, judge_in_double};
    for (auto stage : files.composition ? of_composition : of_step) {
      // A composition has no probes: what the original answered there is not written down, nor what it answered after them where
      // calls could have changed it.
      if (stage == judge_probes && step.transcript) step.a->write_down(nullptr);
      stage(step);
      if (stage == judge_probes && step.state_a.empty() && step.buffers.tensors.empty()) step.a->write_down(step.transcript);
      if (step.has_errors()) break;
      if (stage == read_sources && recall_step(step, evidence)) return std::move(step.report);
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
  keep_step(step, evidence);
  if (step.transcript && step.report.status == Status::pass && step.forward_seconds > cheap_step_seconds) {
    step.transcript->entropy = step.entropy;
    session.transcripts().keep(files.decomposition->root.string(), step.transcript);
  }
  return std::move(step.report);
}

}  // namespace

StepReport verify(Session& session, const StepFiles& files, StepEvidence& evidence) {
  try {
    return judge(session, files, evidence, true);
  } catch (const TranscriptEnded&) {
    evidence = {};
    return judge(session, files, evidence, false);
  }
}

}  // namespace decomp
