#include "pipeline/run_alone.h"

#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"
#include "tensor/host_inputs.h"

namespace decomp {
namespace {

constexpr std::uint64_t fill_seed = 1;  // any weights that are random will do

}  // namespace

OwnRun run_alone(Session& session, const std::vector<Component>& all, const Component& component, const AloneOptions& options) {
  const std::vector<SideFile> imported = imported_files(all, component);
  if (component.facts) judge_memory_of(session, session.model_job(), *component.facts, side_file(component), imported, component.grammar.model_class);
  ModelSide side(session.worker(), session.model_job(), side_file(component), imported, component.grammar.model_class);
  side.load();
  OwnRun run;
  run.declared = side.call("get_expected_output_shape", construct_seed).tree;
  side.init_inputs(construct_seed);
  side.build(nullptr, construct_seed, options.initialise);
  const Shipment inputs = side.inputs({first_public_seed});
  const Json& trial = inputs.tree.at("trials").at(0);
  const std::string kind = trial.at("args").value("k", "");
  if (kind != "list" && kind != "tuple")
    throw StepStop{side.finding("step-no-inputs",
                                kind == "none" ? "has no get_inputs(): it cannot be run" : "get_inputs() returned a " + kind + ", not a list",
                                "Add get_inputs() that returns the list of forward's arguments.")};
  std::optional<WeightArena> arena;
  if (!options.initialise) {
    arena = WeightArena::fill(side.description(), fill_seed, true);
    side.set_weights(arena->entries_for_original(side.description()), *arena);
  }
  run.inputs.kind = Value::Kind::tuple;
  run.inputs.items = {decode_value(trial.at("args"), inputs.file), decode_value(trial.at("kwargs"), inputs.file)};
  std::vector<std::string> record;
  if (options.calls)
    for (const Json& module : side.modules()) record.push_back(module.at("path").get<std::string>());
  run.result = side.run({.args = trial.at("args"), .kwargs = trial.at("kwargs"), .seed = first_public_seed, .tape = true, .record = std::move(record), .shapes_only = true, .lines = options.lines},
                        inputs);
  for (const TensorEntry& t : side.description().tensors) run.weights.push_back({t.key, t.shape, dtype_name(t.dtype)});
  run.modules = module_instances(side.modules(), {});
  run.files = side.files();
  run.sandbox = side.sandbox_level();
  return run;
}

OwnRun run_finite(Session& session, const std::vector<Component>& all, const Component& component, AloneOptions options) {
  OwnRun run = run_alone(session, all, component, options);
  if (all_finite(run.result.output) || run.weights.empty()) return run;
  options.initialise = true;
  return run_alone(session, all, component, options);
}

}  // namespace decomp
