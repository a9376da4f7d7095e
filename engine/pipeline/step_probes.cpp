// Beyond the trials: both models once more on inputs of other sizes, on values that the trials could not hold, with
// arguments that the trials left out, and with the graph that gradients take. What the original does there, the
// refactored model does, too, or it refuses; it never answers something else in silence. Bounded in time; each kind
// runs only where the code or the tapes give reason to.

#include <c10/util/Exception.h>

#include "pipeline/probe_runs.h"

namespace decomp {
namespace {

// Numbers in plain attributes that calls change: a counter decides some day.
void judge_state(StepContext& step) {
  if (!step.state_a.empty() || step.state_b.empty()) return;
  const std::string& name = *step.state_b.begin();
  Finding f{"conservation-state",
            Severity::error,
            {},
            "each call changes `" + name + "`, and the original carries nothing from call to call",
            "Remove the attribute, or compute it anew in each call: what a call answers must not depend on the calls "
            "before it."};
  for (const ModuleInstance& m : step.modules_b)
    if (!m.path.empty() && name.rfind(m.path + ".", 0) == 0 && !m.child.empty()) f.where.file = m.child;
  step.add_for_child(std::move(f), false);
}

// Each weight and input that gradients of the original's result reach is reached in the refactored model.
void judge_gradients(ProbeRuns& runs) {
  const StepContext& step = runs.step();
  const ProbeRuns::Outcome outcome = runs.try_both(runs.unchanged(), [](RunRequest& r) {
    r.tape = false;
    r.gradient = true;
  });
  if (!outcome.counts || outcome.failed) return;
  std::set<std::int64_t> reached;  // memory of the original's tensors
  const ModelDescription& original = step.a->description();
  for (const TensorEntry& t : step.b->description().tensors) {
    auto target = step.weights.by_refactored.find(t.key);
    if (target == step.weights.by_refactored.end() || outcome.actual.reached_weights.count(t.key) == 0) continue;
    if (const TensorEntry* source = original.find(target->second.original)) reached.insert(source->storage);
  }
  std::string cut;
  for (const std::string& key : outcome.expected.reached_weights)
    if (const TensorEntry* t = original.find(key); t != nullptr && reached.count(t->storage) == 0 && cut.empty())
      cut = "`" + key + "`";
  for (std::int64_t input : outcome.expected.reached_inputs)
    if (outcome.actual.reached_inputs.count(input) == 0 && cut.empty()) cut = "input tensor " + std::to_string(input);
  if (!cut.empty())
    runs.add("conservation-gradient",
             "gradients of the original's result reach " + cut + "; those of the refactored model's result do not",
             "Remove detach(), no_grad() and the like, where the original has none.");
  else if (const std::string what = runs.difference(outcome, ProbeRuns::What::all); !what.empty())
    runs.add("conservation-gradient", "with gradients on, the models part ways: " + what,
             "Compute the same with and without gradients.");
}

void run(StepContext& step) {
  Stopwatch watch(step.report.seconds["probes"]);
  judge_state(step);
  ProbeRuns runs(step);
  if (step.tests.gradients) judge_gradients(runs);
  for (auto probe : {probe_values, probe_arguments, probe_sizes})
    if (!step.has_errors()) probe(runs);
}

}  // namespace

void judge_probes(StepContext& step) {
  try {
    run(step);
  } catch (const c10::Error&) {  // inputs of a dtype that torch itself cannot change (float8, bits)
  }
}

}  // namespace decomp
