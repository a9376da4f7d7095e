// Could it have failed? Outputs must move with inputs and weights, mutants must be caught, and what is equal only within
// tolerance must be equal in float64 too (RULES §3, §4).

#include <cstring>

#include "pipeline/constants.h"
#include "pipeline/mutants.h"
#include "pipeline/trial.h"

namespace decomp {
namespace {

bool has_tensor(const Json& node) {
  if (node.value("k", "") == "tensor") return true;
  if (node.contains("items"))
    for (const Json& item : node["items"])
      if (has_tensor(item)) return true;
  return false;
}

// Does the result of a compute operation in some component differ between the two tapes?
bool components_move(const Tape& one, const Tape& two, const std::vector<ModuleInstance>& modules) {
  for (std::size_t i = 0; i < std::min(one.entries.size(), two.entries.size()); ++i) {
    const TapeEntry& x = one.entries[i];
    const TapeEntry& y = two.entries[i];
    if (op_class(x) != OpClass::compute || x.instance < 0 || x.instance >= static_cast<int>(modules.size())) continue;
    if (modules[static_cast<std::size_t>(x.instance)].component.empty()) continue;
    for (std::size_t k = 0; k < std::min(x.out.size(), y.out.size()); ++k)
      if (!same_print(x.out[k], y.out[k], 1e-6)) return true;
  }
  return false;
}

bool has_float_parameters(const StepContext& step) {
  const auto& tensors = step.a->description().tensors;
  return std::any_of(tensors.begin(), tensors.end(), [](const TensorEntry& t) {
    return t.kind == TensorEntry::Kind::parameter && at::isFloatingType(t.dtype);
  });
}

// The original's last trial under yet other weights, all at once.
bool moved_by_refill(StepContext& step) {
  WeightArena other = WeightArena::fill(step.a->description(), step.entropy ^ 0xc2b2ae3d27d4eb4full);
  step.a->set_weights(other.entries_for_original(step.a->description()), other);
  Value result = step.a->run({step.last.args(), step.last.kwargs(), step.last.seed}, step.last.inputs).output;
  step.a->set_weights(step.arena->entries_for_original(step.a->description()), *step.arena);
  return moved(step, step.results.back(), result);
}

void judge_vacuity(StepContext& step, bool weight_mutant_caught) {
  bool has_inputs = has_tensor(step.last.args()) || has_tensor(step.last.kwargs());
  bool by_inputs = !has_inputs;
  for (std::size_t i = 1; i < step.results.size() && !by_inputs; ++i) by_inputs = moved(step, step.results[0], step.results[i]);
  bool by_weights = weight_mutant_caught || !has_float_parameters(step) || moved_by_refill(step);
  if (by_inputs && by_weights) return;
  std::string what = !by_inputs && !by_weights ? "inputs or weights change" : by_inputs ? "all weights change" : "inputs change";
  // The outputs show nothing: do the activations? Every compute operation's value must agree under the last trial as well.
  RunRequest request{step.last.args(), step.last.kwargs(), step.last.seed, true, true, step.entropy};
  RunResult first, second;
  both([&] { first = step.a->run(request, step.last.inputs); }, [&] { second = step.b->run(request, step.last.inputs); });
  bool conserved = check_conservation(first.tape, second.tape, step.modules_a, step.modules_b).findings.empty();
  if (conserved && components_move(step.tape_b, second.tape, step.modules_b)) {
    step.report.grade = "by_activations";
    step.add({"vacuous-output", Severity::note, {step.original->path},
              "the original's outputs do not move when " + what + "; the step was judged by the values inside its children", ""});
    return;
  }
  step.report.status = Status::vacuous;
  step.add({"vacuous-output", Severity::error, {step.original->path}, "the outputs do not move when " + what + ": any rewrite would look equal",
            "Give the component inputs under which its outputs depend on what it computes."});
}

double largest_difference(const StepContext& step) { return step.report.trials.empty() ? 0 : step.report.trials.back().max_abs; }

// Does the run convert between floating dtypes? Then float64 keeps the narrower dtype's rounding.
bool casts(const Tape& tape) {
  for (const TapeEntry& e : tape.entries)
    if (!e.in.empty() && !e.out.empty() && e.in[0].dtype != e.out[0].dtype && e.in[0].dtype.find("float") != std::string::npos &&
        e.out[0].dtype.find("float") != std::string::npos)
      return true;
  return false;
}

// The constants and operations of a run, but for layouts: what float64 must not change.
std::multiset<std::string> signatures(const Tape& tape) {
  std::multiset<std::string> all;
  for (const TapeEntry& e : tape.entries) {
    if (op_class(e) == OpClass::plumbing || op_class(e) == OpClass::identity) continue;
    std::string text = canonical_operation(e.op);
    for (const std::string& a : e.args)
      if (a.rfind("dtype", 0) != 0) text += " " + a;
    all.insert(text);
  }
  return all;
}

}  // namespace

// Equal within tolerance, not in bytes: is it rounding? Both models in float64, on the last trial.
void judge_in_double(StepContext& step) {
  if (step.worst == Grade::bit_exact) return;
  Stopwatch watch(step.report.seconds["float64"]);
  std::string verdict;
  bool agrees = false, compared = false;
  double worst = 0;
  try {
    RunRequest request{step.last.args(), step.last.kwargs(), step.last.seed};
    request.widen = request.tape = true;
    request.fingerprints = false;
    RunResult expected, actual;
    both([&] { expected = step.a->run(request, step.last.inputs); }, [&] { actual = step.b->run(request, step.last.inputs); });
    TolerancePolicy strict;
    strict.rtol = 1e-7;  // the table's row of float64
    strict.atol = 1e-8;
    ValueComparison c = compare_values(expected.output, actual.output, strict);
    agrees = c.pass();
    // Float64 tells about float32 only if it runs the same: a test of the dtype may be honest in one and not in the other.
    if (signatures(actual.tape) != signatures(step.last_tape_b) && signatures(expected.tape) == signatures(step.tape_a))
      step.add({"output-value", Severity::error, {step.refactored->path},
                "the outputs agree only within the tolerance, and in float64 the refactored model runs other operations or constants than in float32",
                "Do the same for every dtype."});
    compared = true;
    for (const OutputComparison& o : c.outputs) worst = std::max(worst, o.max_abs);
    char text[120];
    std::snprintf(text, sizeof text, "in float64 the models %s (max difference %.3g)", agrees ? "agree: the difference is rounding" : "differ", worst);
    verdict = text;
  } catch (const StepStop& stop) {
    verdict = "a rerun in float64 is not possible: " + stop.finding.message;
  }
  step.report.float64 = verdict;
  // A difference that float64 does not make smaller is no rounding: another epsilon, another constant.
  if (!step.loose && !agrees && step.worst == Grade::within_tolerance && compared && worst >= 0.5 * largest_difference(step) &&
      !casts(step.tape_a))
    step.add({"output-value", Severity::error, {step.refactored->path},
              "the outputs agree only within the tolerance, and " + verdict + ": a real difference that is small here",
              "Look for another constant: an epsilon, a scale, a rounded literal."});
  // Where casts keep float64 from telling, a constant that was exchanged does.
  if (!step.loose && !agrees && step.worst == Grade::within_tolerance && (!compared || casts(step.tape_a)) && step.replaced_number)
    step.add({"output-value", Severity::error, {step.refactored->path},
              "the outputs agree only within the tolerance, and the original's arithmetic has " + step.replaced_number->original +
                  " where the refactored model's has " + step.replaced_number->refactored,
              "Write the original's constant."});
  if (step.loose && !agrees)
    step.add({"output-value", Severity::error, {step.refactored->path},
              "the outputs agree only because they are small against the tolerance; " + verdict,
              "Make the refactored model compute what the original computes."});
}

void judge_determinism(StepContext& step, const Trial& trial, const Value& answer) {
  try {
    ModelSide again(step.session.worker(), step.model_job(), SideFile{&*step.original, step.original_grammar.dropped}, {},
                    step.original_grammar.model_class);
    again.load();
    again.init_inputs(construct_seed);
    again.build(nullptr, construct_seed);
    again.set_weights(step.arena->entries_for_original(again.description()), *step.arena);
    RunResult result = again.run({trial.args(), trial.kwargs(), trial.seed}, trial.inputs);
    ValueComparison c = compare_values(answer, result.output, step.policy);
    if (step.results.empty() && (c.grade() != Grade::bit_exact || !c.pass()))
      step.add({"run-nondeterministic", Severity::error, {step.original->path},
                "the original itself gives another answer on equal inputs, weights and seed",
                "Seed what is random through torch, and keep clocks and set order out of the model."});
  } catch (const StepStop&) {  // the difference is reported as it is
  }
}

void judge_movement(StepContext& step) {
  judge_constants(step);
  if (step.has_errors()) return;
  bool weight_mutant_caught = run_mutants(step);
  if (!step.has_errors()) judge_vacuity(step, weight_mutant_caught);
}

}  // namespace decomp
