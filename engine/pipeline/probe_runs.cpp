#include "pipeline/probe_runs.h"

#include <iterator>

namespace decomp {
namespace {

Shipment shipment(HostInputs& made) {
  Shipment inputs;
  if (made.memfd) {
    inputs.memfd = std::make_shared<UniqueFd>(std::move(made.memfd));
    inputs.file = MappedFile::map(inputs.memfd->get());
  }
  return inputs;
}

Kinds without(const Kinds& all, const Kinds& some) {
  Kinds left;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::inserter(left, left.end()));
  return left;
}

std::string list_of(const Kinds& kinds) {
  std::string text;
  for (const std::string& kind : kinds) text += (text.empty() ? "`" : ", `") + kind + "`";
  return text;
}

}  // namespace

Kinds kinds_of(const Tape& tape) {
  Kinds kinds;
  for (const TapeEntry& e : tape.entries)
    if (const OpClass c = op_class(e); c == OpClass::compute || c == OpClass::arithmetic)
      kinds.insert(canonical_operation(e.op));
  return kinds;
}

std::string changed_kinds(const Tape& original, const Tape& original_before, const Tape& refactored, const Tape& refactored_before) {
  const Kinds a = kinds_of(original), b = kinds_of(refactored), before_a = kinds_of(original_before), before_b = kinds_of(refactored_before);
  const Kinds more_a = without(a, before_a), more_b = without(b, before_b), less_a = without(before_a, a), less_b = without(before_b, b);
  if (more_a.empty() && less_a.empty() && !(more_b.empty() && less_b.empty()))
    return "the refactored model " + (more_b.empty() ? "leaves out " + list_of(less_b) : "also runs " + list_of(more_b)) +
           "; the original runs the same operations as before";
  if (more_b.empty() && less_b.empty() && !(more_a.empty() && less_a.empty()))
    return "the original " + (more_a.empty() ? "leaves out " + list_of(less_a) : "also runs " + list_of(more_a)) +
           "; the refactored model runs the same operations as before";
  return "";
}

ProbeRuns::ProbeRuns(StepContext& step) : step_(step), budget_(std::max(step.forward_seconds < 0.5 ? 1.0 : 0.25, 0.1 * step.forward_seconds)) {
  collect(decode_value(step.last.args(), step.last.inputs.file));
  collect(decode_value(step.last.kwargs(), step.last.inputs.file));
}

void ProbeRuns::collect(const Value& value) {
  if (value.kind == Value::Kind::tensor && value.tensor.numel() > 0) tensors_.push_back(value.tensor);
  for (const Value& item : value.items) collect(item);
}

HostInputs ProbeRuns::changed(const Change& change, const Keywords& keywords) const {
  return map_inputs(step_.last.trees, step_.last.inputs.file, change, keywords);
}

HostInputs ProbeRuns::unchanged(const Keywords& keywords) const {
  return changed([](const at::Tensor& t) { return t; }, keywords);
}

ProbeRuns::Outcome ProbeRuns::try_both(HostInputs made, const std::function<void(RunRequest&)>& options,
                                       const Json* kwargs_of_refactored) {
  const auto start = Clock::now();
  const Shipment inputs = shipment(made);
  RunRequest request{made.tree.at("args"), made.tree.at("kwargs"), step_.last.seed, true, false};
  if (options) options(request);
  RunRequest other{made.tree.at("args"),
                   kwargs_of_refactored != nullptr ? *kwargs_of_refactored : made.tree.at("kwargs"), step_.last.seed,
                   true, false};
  if (options) options(other);
  Outcome outcome;
  std::optional<StepStop> refused;
  both(
      [&] {
        try {
          outcome.expected = step_.a->run(request, inputs);
        } catch (const StepStop& stop) {
          refused = stop;
        }
      },
      [&] {
        try {
          outcome.actual = step_.b->run(other, inputs);
        } catch (const StepStop& stop) {
          outcome.failed = stop;
        }
      });
  spent_ += outcome.expected.seconds + outcome.actual.seconds;
  waited_ += std::chrono::duration<double>(Clock::now() - start).count();
  // The original's process did not survive values that nobody asked it to take: then there is nothing more to see.
  if (refused && refused->finding.rule != "run-exception") budget_ = -1;
  if (outcome.failed && outcome.failed->finding.rule != "run-exception" && !refused) throw *outcome.failed;
  outcome.counts = !refused && all_finite(outcome.expected.output);
  return outcome;
}

std::string ProbeRuns::difference(const Outcome& outcome, What what) const {
  const ValueComparison result = compare_values(outcome.expected.output, outcome.actual.output, step_.policy);
  if (what == What::all && !result.structural.empty()) return result.structural.front().message;
  for (const OutputComparison& o : result.outputs)
    if (what == What::all || (what == What::exact && o.dtype.find("float") == std::string::npos &&
                              o.dtype.find("complex") == std::string::npos)
            ? !o.pass
            : o.nonfinite_mismatches > 0)
      return o.nonfinite_mismatches > 0 && what != What::all
                 ? std::to_string(o.nonfinite_mismatches) + " of " + std::to_string(o.elements) + " values of " +
                       o.path + " are not finite; the original's are"
                 : describe(o);
  return "";
}

void ProbeRuns::add(const std::string& rule, const std::string& message, const std::string& help) {
  step_.add({rule, Severity::error, {step_.refactored->path}, message, help});
}

}  // namespace decomp
