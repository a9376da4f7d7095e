// Training mode, other dtypes of floats, another default dtype, one dimension more: for refactored models whose code decides by such.

#include <ATen/Functions.h>

#include <algorithm>

#include "pipeline/probe_runs.h"

namespace decomp {
namespace {

// Other dtypes round otherwise, here and there at other places: what tells is which way the code went.
constexpr double coarse = 0.05;

class Modes {
 public:
  explicit Modes(ProbeRuns& runs) : runs_(runs), step_(runs.step()) {}

  void run() {
    const Decisions& own = step_.own_decisions;
    const std::set<std::string> known = momenta_of(step_.tape_a), used = momenta_of(step_.tape_b);
    const bool momenta = !std::includes(known.begin(), known.end(), used.begin(), used.end());
    if (!momenta && !own.on(Quantity::mode) && !own.on(Quantity::dtype) && !own.on(Quantity::rank)) return;
    if (momenta || own.on(Quantity::mode)) training();
    if (own.on(Quantity::dtype))
      for (const char* dtype : {"float64", "bfloat16", "float16", ""})
        if (!step_.has_errors() && !runs_.exhausted()) in_dtype(dtype);
    if (own.on(Quantity::rank) && !step_.has_errors()) one_dimension_more();
  }

 private:
  void training() {
    const ProbeRuns::Outcome outcome = runs_.try_both(runs_.unchanged(), [](RunRequest& r) { r.training = true; });
    if (!outcome.counts || outcome.failed) return;
    std::string what = changed_kinds(outcome.expected.tape, step_.tape_a, outcome.actual.tape, step_.tape_b);
    if (what.empty() && draws(outcome.expected.tape) == draws(outcome.actual.tape)) what = runs_.difference(outcome, ProbeRuns::What::all);
    const std::set<std::string> a = momenta_of(outcome.expected.tape, true), b = momenta_of(outcome.actual.tape, true);
    if (what.empty() && !b.empty() && a != b)
      what = "a norm's running values move by " + *b.begin() + ", the original's " + (a.empty() ? "do not move" : "by " + *a.begin());
    if (!what.empty())
      runs_.add("conservation-mode", "in training mode " + what,
                "Do in training mode what the original does there, or refuse: raise an error.");
  }

  // How fast running values move; `live`: of those norms that run in training mode.
  static std::set<std::string> momenta_of(const Tape& tape, bool live = false) {
    std::set<std::string> all;
    for (const TapeEntry& e : tape.entries) {
      std::string momentum;
      bool training = false;
      for (const std::string& a : e.args) {
        if (a.rfind("momentum=", 0) == 0) momentum = a;
        training = training || a == "training=True" || a == "use_input_stats=True";
      }
      if (!momentum.empty() && (training || !live)) all.insert(momentum);
    }
    return all;
  }

  // What takes random numbers, or would in training.
  static std::multiset<std::string> draws(const Tape& tape) {
    std::multiset<std::string> all;
    for (const TapeEntry& e : tape.entries)
      for (const char* random : {"dropout", "rand", "normal", "bernoulli", "uniform", "multinomial", "rrelu"})
        if (e.op.find(random) != std::string::npos) {
          all.insert(canonical_operation(e.op));
          break;
        }
    return all;
  }

  // "": torch's default dtype is another, weights and inputs are as they were.
  void in_dtype(const std::string& dtype) {
    const ProbeRuns::Outcome outcome = runs_.try_both(runs_.unchanged(), [&](RunRequest& r) {
      r.cast = dtype;
      r.wide_default = dtype.empty();
    });
    if (!outcome.counts || outcome.failed) return;
    std::string what = changed_kinds(outcome.expected.tape, step_.tape_a, outcome.actual.tape, step_.tape_b);
    TolerancePolicy policy;
    policy.rtol = policy.atol = coarse;
    const ValueComparison compared = compare_values(outcome.expected.output, outcome.actual.output, policy);
    if (what.empty() && !compared.structural.empty()) what = compared.structural.front().message;
    for (const OutputComparison& o : compared.outputs)
      if (what.empty() && !o.pass) what = describe(o);
    if (!what.empty())
      runs_.add("conservation-mode", (dtype.empty() ? "under the default dtype float64 " : "in " + dtype + " ") + what,
                "Do the same for every dtype, or refuse the others: raise an error.");
  }

  void one_dimension_more() {
    const ProbeRuns::Outcome outcome =
        runs_.try_both(runs_.changed([](const at::Tensor& t) { return t.dim() > 0 ? at::stack({t, t.roll(1, 0)}) : t; }));
    if (!outcome.counts || outcome.failed) return;
    std::string what = changed_kinds(outcome.expected.tape, step_.tape_a, outcome.actual.tape, step_.tape_b);
    if (what.empty()) what = runs_.difference(outcome, ProbeRuns::What::all);
    if (!what.empty())
      runs_.add("conservation-size", "with one dimension more in front of all inputs, " + what,
                "Keep the original's branches; a model for one number of dimensions only must refuse the others.");
  }

  ProbeRuns& runs_;
  StepContext& step_;
};

}  // namespace

void probe_modes(ProbeRuns& runs) { Modes(runs).run(); }

}  // namespace decomp
