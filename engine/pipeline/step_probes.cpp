// Beyond the trials: both models once more on inputs of other sizes, on values that the trials could not hold, with
// arguments that the trials left out, and with the graph that gradients take. What the original does there, the
// refactored model does, too, or it refuses; it never answers something else in silence. Bounded in time; each kind
// runs only where the code or the tapes give reason to.

#include <c10/util/Exception.h>

#include <cmath>

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

// Beyond what rounding explains, in float32 or in what the weights are.
bool differ(const RunResult::Gradient& a, const RunResult::Gradient& b, bool narrow) {
  return std::abs(a.projection - b.projection) > (narrow ? 0.05 : 2e-3) * std::max(a.size, b.size) + 1e-12;
}

// The gradient of an input or a weight that is another one in the refactored model; "" where there is none.
std::string other_gradient(const StepContext& step, const RunResult& expected, const RunResult& actual) {
  const auto narrow = [&](const std::string& key) {
    const TensorEntry* t = step.a->description().find(key);
    return t != nullptr && t->dtype != at::kFloat && t->dtype != at::kDouble;
  };
  const bool any_narrow = std::any_of(step.a->description().tensors.begin(), step.a->description().tensors.end(),
                                      [&](const TensorEntry& t) { return narrow(t.key) && at::isFloatingType(t.dtype); });
  for (const auto& [input, gradient] : expected.input_gradients)
    if (auto other = actual.input_gradients.find(input); other != actual.input_gradients.end() && differ(gradient, other->second, any_narrow))
      return "input tensor " + std::to_string(input);
  // A weight that stands in several places has the sum of their gradients.
  std::map<std::string, RunResult::Gradient> sums;
  std::set<std::string> skipped;
  for (const TensorEntry& t : step.b->description().tensors) {
    auto target = step.weights.by_refactored.find(t.key);
    if (target == step.weights.by_refactored.end()) continue;
    const TensorEntry* source = step.a->description().find(target->second.original);
    auto found = actual.weight_gradients.find(t.key);
    if (source == nullptr || source->shape != t.shape || found == actual.weight_gradients.end()) {
      skipped.insert(target->second.original);
      continue;
    }
    sums[target->second.original].projection += found->second.projection;
    sums[target->second.original].size += found->second.size;
  }
  for (const auto& [key, gradient] : expected.weight_gradients)
    if (auto other = sums.find(key); other != sums.end() && skipped.count(key) == 0 && differ(gradient, other->second, any_narrow))
      return "`" + key + "`";
  return "";
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
  else if (const std::string other = other_gradient(step, outcome.expected, outcome.actual); !other.empty())
    runs.add("conservation-gradient", "the gradient of " + other + " is another one in the refactored model",
             "Let a function of your own go backward as the original's operation does; better, use that operation.");
  else if (const std::string what = runs.difference(outcome, ProbeRuns::What::all); !what.empty())
    runs.add("conservation-gradient", "with gradients on, the models part ways: " + what,
             "Compute the same with and without gradients.");
}

// Is one of the original's parameters something else in the refactored model?
bool some_parameter_is_none(const StepContext& step) {
  const ModelDescription& original = step.a->description();
  for (const TensorEntry& t : step.b->description().tensors) {
    auto target = step.weights.by_refactored.find(t.key);
    if (target == step.weights.by_refactored.end() || t.kind == TensorEntry::Kind::parameter) continue;
    const TensorEntry* source = original.find(target->second.original);
    if (source != nullptr && source->kind == TensorEntry::Kind::parameter && at::isFloatingType(source->dtype)) return true;
  }
  return false;
}

void run(StepContext& step) {
  Stopwatch watch(step.report.seconds["probes"]);
  judge_state(step);
  ProbeRuns runs(step);
  if (step.tests.gradients || some_parameter_is_none(step)) judge_gradients(runs);
  for (auto probe : {probe_values, probe_arguments, probe_structure, probe_modes, probe_sizes})
    if (!step.has_errors()) probe(runs);
}

}  // namespace

void judge_composition_probes(StepContext& step) {
  judge_state(step);
  if (step.own_decisions.list.empty() && !step.tests.gradients) return;
  Stopwatch watch(step.report.seconds["probes"]);
  try {
    ProbeRuns runs(step);
    if (step.tests.gradients) judge_gradients(runs);
    for (auto probe : {probe_modes, probe_sizes})
      if (!step.has_errors()) probe(runs);
  } catch (const c10::Error&) {  // as below
  }
}

void judge_probes(StepContext& step) {
  try {
    run(step);
  } catch (const c10::Error&) {  // inputs of a dtype that torch itself cannot change (float8, bits)
  }
}

}  // namespace decomp
