// The trials: fresh weights into both sides, one forward of each at a time, every answer compared; conservation on the first.

#include "checks/children.h"
#include "checks/comparisons.h"
#include "checks/dropouts.h"
#include "checks/conserved.h"
#include "checks/faces.h"
#include "checks/reads.h"
#include "core/error.h"
#include "pipeline/step_context.h"
#include "pipeline/trial.h"
#include "tensor/host_inputs.h"

namespace decomp {
namespace {

OutputReport to_report(const OutputComparison& c) {
  return {c.path,    c.dtype,       c.shape,        c.tolerance.rtol, c.tolerance.atol, std::string(to_string(c.grade)),
          c.pass,    c.elements,    c.mismatches,   c.max_abs,        c.max_rel,        c.mean_abs,
          c.max_ulp, c.worst_index, c.expected_value, c.actual_value};
}

const Value* first_tensor(const Value& value) {
  if (value.kind == Value::Kind::tensor) return &value;
  for (const Value& item : value.items)
    if (const Value* found = first_tensor(item)) return found;
  return nullptr;
}

std::optional<at::ScalarType> lowest_compute_dtype(const Tape& tape) {
  std::optional<at::ScalarType> lowest;
  for (const TapeEntry& entry : tape.entries) {
    if (op_class(entry) != OpClass::compute) continue;
    for (const TapeRef& ref : entry.out)
      for (const char* name : {"float16", "bfloat16"})
        if (ref.dtype == name) lowest = dtype_from_name(name);
  }
  return lowest;
}

void compare_inputs_after(StepContext& step, const RunResult& expected, const RunResult& actual, ValueComparison& result) {
  if (expected.inputs_changed != actual.inputs_changed) {
    result.structural.push_back({"output-structure", "inputs",
                                 expected.inputs_changed ? "the original changes its inputs in place, the refactored model does not"
                                                         : "the refactored model changes its inputs in place, the original does not"});
  } else if (expected.inputs_changed) {
    ValueComparison after = compare_values(expected.inputs_after, actual.inputs_after, step.policy, "inputs");
    for (auto& c : after.outputs) result.outputs.push_back(std::move(c));
    for (auto& m : after.structural) result.structural.push_back(std::move(m));
  }
}

// Operations that differ in value alone may differ in the order of their rows alone: time first, batch first.
bool may_be_layout(const ConservationResult& result) {
  static const std::set<std::string> rules = {"conservation-missing", "conservation-extra", "conservation-value"};
  return !result.findings.empty() && std::all_of(result.findings.begin(), result.findings.end(), [](const Finding& f) {
           return rules.count(f.rule) != 0 || f.severity == Severity::note;
         });
}

ConservationResult judge_conservation(StepContext& step, const Trial& trial) {
  ConservationResult result = check_conservation(step.tape_a, step.tape_b, step.modules_a, step.modules_b);
  if (!may_be_layout(result)) return result;
  RunRequest request{trial.args(), trial.kwargs(), trial.seed, true, true, step.entropy};
  request.rows = true;
  RunResult first, second;
  both([&] { first = step.a->run(request, trial.inputs); }, [&] { second = step.b->run(request, trial.inputs); });
  ConservationResult by_rows = check_conservation(first.tape, second.tape, step.modules_a, step.modules_b, true);
  if (!by_rows.findings.empty()) return result;
  by_rows.equivalences.push_back("rows in another order");
  return by_rows;
}

void judge_tapes(StepContext& step, const Trial& trial) {
  Stopwatch watch(step.report.seconds["conservation"]);
  ConservationResult result = judge_conservation(step, trial);
  step.report.equivalences = result.equivalences;
  step.written_out = result.written_out;
  step.part_components = result.part_components;
  step.replaced_number = replaced_number(step.tape_a, step.tape_b, result.composed_refactored);
  if (const auto lost = lost_epsilon(step.tape_a, step.tape_b, result.equivalences.empty()); lost && result.findings.empty())
    step.add({"conservation-argument", Severity::error, {step.refactored->path},
              lost->of_original ? "the original computes with the epsilon " + lost->number + ", the refactored model does not, or less often"
                                : "adds the epsilon " + lost->number + ", the original does not, or less often",
              "Keep the original's epsilons: they decide where something is zero."});
  step.counts_a = conserved_counts(step.tape_a);
  step.counts_b = conserved_counts(step.tape_b);
  if (result.findings.empty())
    result.findings = check_comparisons(step.tape_a, step.tape_b, result, step.modules_a, step.modules_b);
  if (result.findings.empty()) result.findings = check_dropouts(step.tape_a, step.tape_b);
  for (Finding& f : result.findings) {
    f.where.file = step.refactored->path;
    step.add(std::move(f));
  }
  ReadNames names;
  for (const TensorEntry& t : step.a->description().tensors) names.original.push_back(t.key);
  for (const TensorEntry& t : step.b->description().tensors) names.refactored.push_back(t.key);
  for (const auto& [key, target] : step.weights.by_refactored) names.mapped.emplace_back(target.original, key);
  names.nulled.insert(step.weights.unmapped_original.begin(), step.weights.unmapped_original.end());
  for (Finding& f : check_reads(step.tape_a, step.tape_b, names)) {
    f.where.file = f.rule == "weight-unmapped" && step.weight_map ? step.weight_map->path : step.refactored->path;
    step.add(std::move(f));
  }
  for (Finding& f : check_children(step.tape_a, step.tape_b, step.modules_b, step.child_modules)) {
    // Which kernels a composition needs is seen over the whole decomposition.
    if (step.composition && f.rule == "step-child-unused") continue;
    step.add_for_child(std::move(f), false);
  }
  for (Finding& f : check_faces(step.tape_b, step.modules_b)) step.add_for_child(std::move(f), false);
}

// The original's first run says what tolerance counts, and where everything is.
void note_first_run(StepContext& step, const Trial& trial, RunResult& expected, RunResult& actual) {
  step.tape_a = std::move(expected.tape);
  step.tape_b = std::move(actual.tape);
  step.modules_a = module_instances(step.a->modules(), {});
  step.modules_b = module_instances(step.b->modules(), step.child_modules);
  step.policy.rtol = step.session.options().rtol;
  step.policy.atol = step.session.options().atol;
  step.policy.composition = step.files.composition.has_value();
  step.policy.compute = lowest_compute_dtype(step.tape_a);
  Value args = decode_value(trial.args(), trial.inputs.file);
  if (const Value* t = first_tensor(args)) step.report.input_dtype = "torch." + dtype_name(t->tensor.scalar_type());
}

// What a later trial runs is what the first ran, if that is so of the original: conservation was judged there.
void judge_later_tapes(StepContext& step, const Trial& trial, const Tape& original, const Tape& refactored) {
  if (conserved_counts(original) != step.counts_a) return;
  const std::map<std::string, int> counts = conserved_counts(refactored);
  if (counts == step.counts_b) return;
  std::string what;
  for (const auto& [operation, count] : counts) {
    auto before = step.counts_b.find(operation);
    if (what.empty() && (before == step.counts_b.end() || before->second != count))
      what = "runs " + operation + " " + std::to_string(count) + " times, and " + std::to_string(before == step.counts_b.end() ? 0 : before->second) +
             " times in the first";
  }
  for (const auto& [operation, count] : step.counts_b)
    if (what.empty() && counts.count(operation) == 0) what = "does not run " + operation + ", which the first did " + std::to_string(count) + " times";
  step.add({"conservation-extra", Severity::error, {step.refactored->path},
            "the " + trial.kind + " trial (seed " + std::to_string(trial.seed) + ") " + what + "; the original runs the same operations in both",
            "Compute the same operations in every call."});
}

std::vector<std::string> components(const StepContext& step) {
  std::vector<std::string> paths;
  for (const ModuleInstance& m : module_instances(step.b->modules(), step.child_modules))
    if (!m.file.empty() || (!m.component.empty() && m.component == m.path)) paths.push_back(m.path);
  return paths;
}

// Will a child run again on what it received (step_replay.cpp, step_range.cpp)? Those values are as large as all activations.
bool values_are_needed(const StepContext& step) {
  return step.forward_seconds < cheap_step_seconds || !step.written_out.empty() ||
         std::find(step.child_varies.begin(), step.child_varies.end(), true) != step.child_varies.end();
}

void set_both(StepContext& step, const WeightArena& arena) {
  both([&] { step.a->set_weights(arena.entries_for_original(step.a->description()), arena); },
       [&] { step.b->set_weights(arena.entries_for_refactored(step.b->description(), step.weights), arena); });
}

// Only buffers and plain attributes of floating dtype; the trial that has them as their author made them.
ModelDescription float_buffers(const ModelDescription& all) {
  ModelDescription kept;
  for (const TensorEntry& t : all.tensors)
    if (t.kind != TensorEntry::Kind::parameter && at::isFloatingType(t.dtype)) kept.tensors.push_back(t);
  return kept;
}

void set_buffers(StepContext& step, const ModelDescription& buffers, const WeightArena& arena) {
  step.a->set_weights(arena.entries_for_original(buffers), arena, true);
  ModelDescription mapped;
  for (const TensorEntry& t : step.b->description().tensors) {
    auto target = step.weights.by_refactored.find(t.key);
    if (target != step.weights.by_refactored.end() && buffers.find(target->second.original) != nullptr) mapped.tensors.push_back(t);
  }
  step.b->set_weights(arena.entries_for_refactored(mapped, step.weights), arena, true);
}

}  // namespace

bool run_trial(StepContext& step, const Trial& trial, bool tentative) {
  bool first = step.report.trials.empty();
  const bool recorded_shapes = trial.kind != "entropy" || !values_are_needed(step);
  RunResult expected, actual;
  {
    Stopwatch watch(step.report.seconds["forward"]);
    RunRequest request{trial.args(), trial.kwargs(), trial.seed, true, first, step.entropy};
    RunRequest recording = request;
    recording.record = components(step);
    recording.shapes_only = recorded_shapes;
    // Both always run, so that state carried between calls stays in step.
    std::optional<StepStop> refused;
    both(
        [&] {
          try {
            expected = step.a->run(request, trial.inputs);
            step.b->set_wall_seconds(std::max(step.session.limits().wall_seconds, step.session.limits().wall_factor * expected.seconds));
          } catch (const StepStop& stop) {
            refused = stop;
          }
        },
        [&] {
          try {
            actual = step.b->run(recording, trial.inputs);
          } catch (const StepStop& stop) {
            step.refactored_stop = stop;
          }
        });
    if (tentative && ((refused && refused->finding.rule == "run-exception") || (!refused && !all_finite(expected.output)))) {
      step.refactored_stop.reset();
      return false;
    }
    if (refused) throw *refused;
    if (step.refactored_stop) throw *step.refactored_stop;
    step.forward_seconds += expected.seconds + actual.seconds;
  }
  step.state_a.insert(expected.state_changed.begin(), expected.state_changed.end());
  step.state_b.insert(actual.state_changed.begin(), actual.state_changed.end());
  if (!first) judge_later_tapes(step, trial, expected.tape, actual.tape);
  if (trial.kind == "entropy") {
    step.calls = actual.calls;
    step.call_list = actual.calls.tree;
    step.values_recorded = !recorded_shapes;
    step.last_tape_b = std::move(actual.tape);
  }
  step.call_shapes.push_back(actual.calls.tree);
  if (first) note_first_run(step, trial, expected, actual);
  Stopwatch watch(step.report.seconds["compare"]);
  ValueComparison result = compare_values(expected.output, actual.output, step.policy);
  compare_inputs_after(step, expected, actual, result);
  TrialReport report{trial.kind, trial.seed, result.pass(), 0, {}};
  for (const OutputComparison& c : result.outputs) {
    report.outputs.push_back(to_report(c));
    report.max_abs = std::max(report.max_abs, c.max_abs);
    if (c.pass && c.grade != Grade::bit_exact && c.capped_mismatches > 0) step.loose = true;
  }
  step.report.trials.push_back(report);
  step.worst = std::max(step.worst, result.grade());
  step.report.grade = to_string(step.worst);
  if (first && !result.outputs.empty()) {
    step.report.rtol = result.outputs[0].tolerance.rtol;
    step.report.atol = result.outputs[0].tolerance.atol;
  }
  std::string where = " (" + trial.kind + " trial, seed " + std::to_string(trial.seed) + ")";
  for (const StructuralMismatch& m : result.structural)
    step.add({m.rule, Severity::error, {step.refactored->path}, m.message + where, "Return what the original returns."});
  for (const OutputComparison& c : result.outputs)
    if (!c.pass)
      step.add({"output-value", Severity::error, {step.refactored->path}, describe(c) + where,
                "Compare the children with the original one by one; the first that departs is named in the report."});
  if (!result.pass()) {
    step.report.first_divergence = first_divergence(step.tape_a, step.tape_b, step.modules_b);
    judge_determinism(step, trial, expected.output);
  }
  if (first && result.pass() && imports_outside_world(*step.original_facts)) judge_determinism(step, trial, expected.output);
  if (first && result.pass()) judge_tapes(step, trial);
  step.results.push_back(std::move(expected.output));
  return true;
}

void run_trials(StepContext& step) {
  const ModelDescription& description = step.a->description();
  const Json& trials = step.inputs.tree["trials"];
  {
    Stopwatch watch(step.report.seconds["fill"]);
    step.arena = WeightArena::fill(description, step.entropy);
    set_both(step, *step.arena);
  }
  const ModelDescription& buffers = step.buffers = float_buffers(description);
  if (!buffers.tensors.empty()) step.buffer_arena = WeightArena::fill(buffers, step.entropy);
  auto public_trial = [&](std::size_t i) {
    return Trial{"public", first_public_seed + static_cast<std::int64_t>(i), step.inputs,
                 {{"args", trials[i]["args"]}, {"kwargs", trials[i]["kwargs"]}}};
  };
  bool accepted = run_trial(step, public_trial(0), true);
  if (!accepted && !buffers.tensors.empty()) {
    // Less finite than under the author's own buffers: then those count.
    WeightArena constructed = WeightArena::fill(buffers, step.entropy, true);
    set_buffers(step, buffers, constructed);
    accepted = run_trial(step, public_trial(0), true);
    if (accepted) {
      step.buffer_arena = std::move(constructed);
      step.constructed_buffers = true;
      step.add({"run-buffers-kept", Severity::note, {step.original->path},
                "float buffers keep their author's values: with permuted ones the original's outputs are not finite", ""});
    } else {
      set_buffers(step, buffers, *step.buffer_arena);
    }
  }
  if (!accepted) run_trial(step, public_trial(0));
  if (step.has_errors()) return;
  for (std::size_t i = 1; i < trials.size(); ++i) {
    bool as_constructed = i == 1 && !buffers.tensors.empty() && !step.constructed_buffers;
    if (as_constructed) set_buffers(step, buffers, WeightArena::fill(buffers, step.entropy, true));
    run_trial(step, public_trial(i));
    if (as_constructed) set_buffers(step, buffers, *step.buffer_arena);
    if (step.has_errors()) return;  // later trials would say the same again
  }
  // The host's own: other weights, inputs made from the original's, a seed that nobody could know. Where the original refuses
  // such inputs, milder ones, and at last get_inputs() under that seed.
  if (!description.tensors.empty()) {
    Stopwatch watch(step.report.seconds["fill"]);
    // Weights are there once: nobody holds the old ones while the new ones are made.
    set_both(step, WeightArena::hollow(*step.arena));
    step.arena.reset();
    step.arena = WeightArena::fill(description, step.entropy ^ 0x9e3779b97f4a7c15ull);
    set_both(step, *step.arena);
    if (step.buffer_arena) set_buffers(step, buffers, *step.buffer_arena);
  }
  for (InputChange change : {InputChange::varied, InputChange::rescaled, InputChange::permuted}) {
    HostInputs made = make_host_inputs({{"args", trials[0]["args"]}, {"kwargs", trials[0]["kwargs"]}}, step.inputs.file, step.entropy, change);
    if (change == InputChange::varied && !made.varied) continue;
    Trial own = {"entropy", step.entropy_seed(), {}, made.tree};
    if (made.memfd) {
      own.inputs.memfd = std::make_shared<UniqueFd>(std::move(made.memfd));
      own.inputs.file = MappedFile::map(own.inputs.memfd->get());
    }
    step.last = own;
    if (run_trial(step, own, true)) return;
  }
  const Shipment drawn = step.a->inputs({step.entropy_seed()});
  const Json& own = drawn.tree.at("trials").at(0);
  step.last = {"entropy", step.entropy_seed(), drawn, {{"args", own.at("args")}, {"kwargs", own.at("kwargs")}}};
  run_trial(step, step.last);
}

}  // namespace decomp
