#include "pipeline/step_record.h"

#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"

namespace decomp {
namespace {

// What keeps a step from being run as it is meant; the rest is for `check` to say.
bool prevents_run(const Finding& finding) {
  if (finding.severity != Severity::error) return false;
  for (const char* family : {"step-missing-file", "file-", "syntax-", "weight-", "run-", "step-no-inputs", "grammar-no-model", "output-"})
    if (finding.rule.rfind(family, 0) == 0) return true;
  return false;
}

bool stopped(const StepContext& step) { return std::any_of(step.report.findings.begin(), step.report.findings.end(), prevents_run); }

void run_once(StepContext& step, RecordedStep& record) {
  const WeightArena arena = WeightArena::fill(step.a->description(), step.entropy, true);
  const Json& trial = step.inputs.tree.at("trials").at(0);
  const RunRequest request{.args = trial.at("args"), .kwargs = trial.at("kwargs"), .seed = first_public_seed, .tape = true,
                           .print_seed = step.entropy, .lines = true};
  both(
      [&] {
        step.a->set_weights(arena.entries_for_original(step.a->description()), arena);
        record.original = step.a->run(request, step.inputs).tape;
      },
      [&] {
        step.b->set_weights(arena.entries_for_refactored(step.b->description(), step.weights), arena);
        record.refactored = step.b->run(request, step.inputs).tape;
      });
  record.modules = module_instances(step.a->modules(), {});
  record.refactored_modules = module_instances(step.b->modules(), step.child_modules);
  record.files = step.a->files();
  record.refactored_files = step.b->files();
}

}  // namespace

StepRecord record_step(Session& session, const StepFiles& files) {
  StepRecord result;
  StepContext step{session, files, {}};
  RecordedStep record;
  record.shown = files.shown;
  try {
    for (auto stage : {read_sources, judge_sources, judge_memory, build_models, map_step_weights}) {
      stage(step);
      if (stopped(step)) break;
    }
    if (!stopped(step)) {
      run_once(step, record);
      for (const Source& child : step.children) record.children.push_back({child.module, "", child.path, false});
      result.step = std::move(record);
    }
  } catch (const StepStop& stop) {
    step.add(stop.finding);
  } catch (const StepUndecided& undecided) {
    step.add(undecided.finding);
    result.undecided = true;
  } catch (const Json::exception& error) {
    step.add({"run-garbled", Severity::error, {files.shown}, std::string("a job of this step gave an answer that cannot be read: ") + error.what(),
              "Run the file alone with plain Python and look at what it does to its process."});
  }
  for (Finding& finding : step.report.findings)
    if (prevents_run(finding)) result.findings.push_back(std::move(finding));
  result.original = std::move(step.original);
  result.children = std::move(step.children);
  return result;
}

}  // namespace decomp
