#include "pipeline/step.h"

#include "pipeline/step_context.h"

namespace decomp {

StepReport verify(Session& session, const StepFiles& files) {
  StepContext step{session, files, {}};
  step.report.path = files.shown;
  step.report.original_file = files.original.lexically_normal().string();
  step.report.refactored_file = files.refactored.lexically_normal().string();
  step.report.anticheat_skipped = session.options().skip_anticheat;
  try {
    for (auto stage : {read_sources, judge_sources, build_models, map_step_weights, run_trials, judge_movement, replay_children}) {
      stage(step);
      if (step.has_errors()) break;
    }
  } catch (const StepStop& stop) {
    step.add(stop.finding);
  }
  if (step.report.status == Status::not_decided)
    step.report.status = step.has_errors() ? Status::fail : step.report.anticheat_skipped ? Status::skipped : Status::pass;
  return std::move(step.report);
}

}  // namespace decomp
