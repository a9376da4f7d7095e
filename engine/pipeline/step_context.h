#pragma once
// What the stages of one step hand along. Each stage is one file; step.cpp calls them in order.

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checks/code_tests.h"
#include "checks/decisions.h"
#include "checks/composition_file.h"
#include "checks/conservation.h"
#include "checks/grammar.h"
#include "checks/kernels.h"
#include "checks/numbers.h"
#include "core/source.h"
#include "core/tape.h"
#include "decomp/report.h"
#include "pipeline/model_side.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"
#include "tensor/compare.h"
#include "tensor/weights.h"

namespace decomp {

constexpr std::int64_t first_public_seed = 42;  // the public seeds: 42 + trial (the specification's)
constexpr std::int64_t construct_seed = 0;      // both sides construct under it

// Above this many seconds of forwards a step is dear: what does not need it is not run again on the whole batch.
constexpr double cheap_step_seconds = 2.0;

struct Trial {
  std::string kind;  // "public", "entropy"
  std::int64_t seed = 0;
  Shipment inputs;   // where the trees' tensors lie
  Json trees;        // {"args", "kwargs"}
  const Json& args() const { return trees.at("args"); }
  const Json& kwargs() const { return trees.at("kwargs"); }
};

struct StepContext {
  Session& session;
  const StepFiles& files;
  StepReport report;

  // sources
  std::optional<Source> original, refactored, weight_map;
  std::vector<Source> children;
  std::set<std::string> child_modules;
  std::shared_ptr<const Facts> original_facts;
  std::optional<CompositionFile> composition;  // of a composition test
  GrammarResult original_grammar, refactored_grammar;
  std::vector<GrammarResult> child_grammar;  // one per child
  std::vector<bool> child_varies;            // one per child: its code could take two ways

  CodeTests tests;                           // of all files together; `gradients` and `own_sizes` of the refactored ones only
  Decisions own_decisions;                   // of the refactored files
  ForwardParameters parameters_a, parameters_b;

  // models
  std::unique_ptr<ModelSide> a;  // original
  std::unique_ptr<ModelSide> b;  // refactored
  Shipment inputs;               // {"trials": public ones, then one under the host's seed}
  Shipment own_inputs;           // the refactored file's own, if it has get_inputs()
  std::uint64_t entropy = 0;     // drawn after all sources were digested
  bool hears = true;             // may take the original's answers from another step's transcript
  std::shared_ptr<Transcript> transcript;  // of the original, where another step will ask for it
  WeightMap weights;
  std::optional<WeightArena> arena;  // what both sides hold now, but for floating buffers:
  std::optional<WeightArena> buffer_arena;  // these keep the values of the first trial, since a model may have cached from them
  ModelDescription buffers;                 // the original's floating buffers and plain attributes

  // What a fork of this step runs under.
  JobSpec model_job() const {
    JobSpec spec = session.model_job();
    if (files.repeated) spec.threads = files.repeated->threads;
    return spec;
  }

  // runs
  TolerancePolicy policy;
  Tape tape_a, tape_b;  // of the first trial
  Tape last_tape_b;     // of the last, without fingerprints
  std::vector<ModuleInstance> modules_a, modules_b;
  std::optional<ReplacedNumber> replaced_number;  // seen in the first trial
  std::set<std::string> part_components;  // instances that run a contraction as a part of a form written out, in the first trial
  std::vector<WrittenOut> written_out;  // by the refactored model, seen in the first trial
  std::map<std::string, int> counts_a, counts_b;  // conserved operations of the first trial
  std::vector<Value> results;     // the original's results, one per trial
  Trial last;                     // the host's own; its weights are those that both sides still hold
  bool constructed_buffers = false;  // float buffers were never refilled
  Grade worst = Grade::bit_exact;
  std::optional<StepStop> refactored_stop;  // how the refactored model's last run ended, if badly
  bool loose = false;             // a result is equal only because its tolerance is coarse for its size
  Shipment calls;                 // the first call of each component in the refactored model's last trial
  Json call_list = Json::array();
  bool values_recorded = false;   // in `calls`, not only shapes
  std::vector<Json> call_shapes;  // the same of every trial, shapes at least
  std::set<std::string> state_a, state_b;  // plain attributes that calls change
  double forward_seconds = 0;     // of all forwards of both sides so far

  void add(Finding f) { report.findings.push_back(std::move(f)); }
  bool has_errors() const {
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [](const Finding& f) { return f.severity == Severity::error; });
  }
  // A finding about the child file with this import name; a rule of the workspace is a note where one rewrite alone is judged.
  void add_for_child(Finding f, bool workspace_rule) {
    for (const Source& child : children)
      if (child.module == f.where.file) f.where.file = child.path;
    if (f.where.file.empty() && refactored) f.where.file = refactored->path;
    if (workspace_rule && !session.options().workspace_rules) f.severity = Severity::note;
    add(std::move(f));
  }
  std::int64_t entropy_seed() const { return static_cast<std::int64_t>(entropy & 0x7fffffffffffffffull); }
};

// Adds its life to a total, in seconds.
class Stopwatch {
 public:
  explicit Stopwatch(double& total) : total_(total) {}
  ~Stopwatch() { total_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  double& total_;
  Clock::time_point start_ = Clock::now();
};

// Runs both at once; what the first one throws counts before what the second one throws.
template <class A, class B>
void both(A first, B second) {
  auto other = std::async(std::launch::async, second);
  std::exception_ptr error;
  try {
    first();
  } catch (...) {
    error = std::current_exception();
  }
  try {
    other.get();
  } catch (...) {
    if (!error) error = std::current_exception();
  }
  if (error) std::rethrow_exception(error);
}

// The stages, in order. Each may throw StepStop, or add findings; the line ends after the first stage with an error.
void read_sources(StepContext& step);     // step_sources.cpp
void judge_sources(StepContext& step);    // step_sources.cpp: parse, grammar
void judge_composition_sources(StepContext& step);     // step_composition.cpp: the same of a composition test
void judge_composition_tolerances(StepContext& step);  // step_composition.cpp
void build_models(StepContext& step);     // step_models.cpp: both sides, inputs
void map_step_weights(StepContext& step); // step_models.cpp
void run_trials(StepContext& step);       // step_trials.cpp: fill, run, compare, conservation
void judge_movement(StepContext& step);   // step_movement.cpp: could it have failed?
void judge_in_double(StepContext& step);  // step_movement.cpp: is a difference rounding? Both models are in float64 from then on
void replay_children(StepContext& step);  // step_replay.cpp: each child alone
void judge_probes(StepContext& step);     // step_probes.cpp: other sizes, other values, optional arguments, gradients
void judge_composition_probes(StepContext& step);  // step_probes.cpp: the same where the composed class itself gives reason
void judge_range(StepContext& step);      // step_range.cpp: operations written out, beyond the trials' values

}  // namespace decomp
