#pragma once
// Both models of a step once more, on inputs that the host changes; what the probes of step_probes.cpp share.

#include <ATen/core/Tensor.h>

#include <functional>

#include "pipeline/step_context.h"
#include "tensor/host_inputs.h"

namespace decomp {

class ProbeRuns {
 public:
  using Change = std::function<at::Tensor(const at::Tensor&)>;
  using Keywords = std::vector<std::pair<std::string, Value>>;

  struct Outcome {
    bool counts = false;  // the original answers, with finite values
    std::optional<StepStop> failed;
    RunResult expected, actual;
  };

  // What must agree: everything; what is finite; that and integers.
  enum class What { all, finiteness, exact };

  explicit ProbeRuns(StepContext& step);

  StepContext& step() { return step_; }
  const std::vector<at::Tensor>& tensors() const { return tensors_; }  // of the last trial's inputs
  // What counts is the time of the forwards: on a busy machine the same probes run as on a quiet one.
  bool exhausted() const { return spent_ > budget_ || waited_ > most_wall_seconds; }

  // The last trial's inputs, changed, and further arguments.
  HostInputs changed(const Change& change, const Keywords& keywords = {}) const;
  HostInputs unchanged(const Keywords& keywords = {}) const;

  // Both always run, so that state carried between calls stays in step. `kwargs_of_refactored`: in place of the
  // original's.
  Outcome try_both(HostInputs made, const std::function<void(RunRequest&)>& options = {},
                   const Json* kwargs_of_refactored = nullptr);

  // The first difference between the two answers, as a phrase; "" where they agree.
  std::string difference(const Outcome& outcome, What what) const;

  void add(const std::string& rule, const std::string& message, const std::string& help);

 private:
  static constexpr double most_wall_seconds = 30;

  void collect(const Value& value);

  StepContext& step_;
  double budget_;
  double spent_ = 0;   // in forwards
  double waited_ = 0;  // in all
  std::vector<at::Tensor> tensors_;
};

using Kinds = std::set<std::string>;  // operations that work, by canonical name
Kinds kinds_of(const Tape& tape);
// How two changes of what runs differ, as a phrase; "" where they do not, or where both models change.
std::string changed_kinds(const Tape& original, const Tape& original_before, const Tape& refactored, const Tape& refactored_before);

inline bool of_floats(const at::Tensor& t) { return at::isFloatingType(t.scalar_type()); }
inline bool of_integers(const at::Tensor& t) { return at::isIntegralType(t.scalar_type(), false); }

// The probes, each a file.
void probe_values(ProbeRuns& runs);     // probe_values.cpp: values that the trials could not hold
void probe_arguments(ProbeRuns& runs);  // probe_arguments.cpp: arguments that the trials left out
void probe_sizes(ProbeRuns& runs);      // probe_sizes.cpp: inputs of other sizes
void probe_structure(ProbeRuns& runs);  // probe_structure.cpp: other numbers, longer lists, further entries of dicts
void probe_modes(ProbeRuns& runs);      // probe_modes.cpp: training, other dtypes and ranks

}  // namespace decomp
