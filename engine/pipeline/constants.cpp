#include "pipeline/constants.h"

#include <cmath>

#include "tensor/host_inputs.h"
#include "tensor/value.h"

namespace decomp {
namespace {

// The one finite value of all elements.
std::optional<double> constant_of(const at::Tensor& value) {
  if (!value.defined() || value.numel() == 0) return std::nullopt;
  const auto* bytes = static_cast<const char*>(value.const_data_ptr());
  for (std::int64_t i = 1; i < value.numel(); ++i)
    if (std::memcmp(bytes, bytes + i * value.element_size(), static_cast<std::size_t>(value.element_size())) != 0) return std::nullopt;
  const double constant = value.flatten()[0].item<double>();
  return std::isfinite(constant) ? std::optional(constant) : std::nullopt;
}

// The original's constants, described as parameters: those get new values around their old one.
ModelDescription constants_of(const StepContext& step) {
  ModelDescription constants;
  for (TensorEntry t : step.buffers.tensors) {
    const auto constant = constant_of(t.value);
    const bool statistics = t.key.ends_with("running_mean") || t.key.ends_with("running_var");  // the trials had random ones
    if (!constant || statistics) continue;
    t.kind = TensorEntry::Kind::parameter;
    t.constant = constant;
    t.value = at::Tensor();
    constants.tensors.push_back(std::move(t));
  }
  return constants;
}

ModelDescription fed_by(const StepContext& step, const ModelDescription& originals) {
  ModelDescription fed;
  for (const TensorEntry& t : step.b->description().tensors) {
    auto target = step.weights.by_refactored.find(t.key);
    if (target != step.weights.by_refactored.end() && originals.find(target->second.original) != nullptr) fed.tensors.push_back(t);
  }
  return fed;
}

std::string names_of(const ModelDescription& tensors) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(tensors.tensors.size(), 4); ++i)
    text += (i > 0 ? ", `" : "`") + tensors.tensors[i].key + "`";
  return text + (tensors.tensors.size() > 4 ? " and others" : "");
}

void compare(StepContext& step, const ModelDescription& constants) {
  const RunRequest request{step.last.args(), step.last.kwargs(), step.last.seed};
  std::optional<StepStop> refused, failed;
  RunResult expected, actual;
  // Both always run, so that state carried between calls stays in step.
  both(
      [&] {
        try {
          expected = step.a->run(request, step.last.inputs);
        } catch (const StepStop& stop) {
          refused = stop;
        }
      },
      [&] {
        try {
          actual = step.b->run(request, step.last.inputs);
        } catch (const StepStop& stop) {
          failed = stop;
        }
      });
  if (refused && refused->finding.rule != "run-exception") throw *refused;
  if (refused || (!all_finite(expected.output) && all_finite(step.results.back()))) return;
  if (failed) throw *failed;
  const ValueComparison result = compare_values(expected.output, actual.output, step.policy);
  if (result.pass()) return;
  std::string what = result.structural.empty() ? "" : result.structural.front().message;
  for (const OutputComparison& o : result.outputs)
    if (!o.pass && what.empty()) what = describe(o);
  step.add({"output-value", Severity::error, {step.refactored->path},
            "the models depart once " + names_of(constants) + " hold other values than those they were constructed with: " + what,
            "Use each buffer where the original uses its own, and map it to that one."});
}

}  // namespace

void judge_constants(StepContext& step) {
  if (!step.buffer_arena) return;
  const ModelDescription constants = constants_of(step);
  const ModelDescription fed = fed_by(step, constants);
  if (fed.tensors.empty()) return;
  Stopwatch watch(step.report.seconds["constants"]);
  const auto set = [&](const WeightArena& arena) {
    step.a->set_weights(arena.entries_for_original(constants), arena, true);
    step.b->set_weights(arena.entries_for_refactored(fed, step.weights), arena, true);
  };
  const WeightArena changed = WeightArena::fill(constants, step.entropy ^ 0x85ebca6bu);
  set(changed);
  compare(step, constants);
  set(*step.buffer_arena);
}

}  // namespace decomp
