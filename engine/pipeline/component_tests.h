#pragma once
// The tests of component files: each one's own run_tests(), and decomp's test of it, which alone is evidence. Built from its own
// get_init_inputs() and run on its own get_inputs(), a component returns tensors of the shapes that it declares, finite unless the
// original's are not, and its header tells no untruth. (What it computes is proved by the steps.)

#include <csignal>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "decomp/component_report.h"
#include "pipeline/components.h"
#include "pipeline/evidence.h"
#include "pipeline/run_alone.h"
#include "pipeline/session.h"

namespace decomp {

// What passed steps of the same call showed about their originals, by the SHA-256 of the file: such a component ran on its own
// get_inputs() already, with finite results.
using RanOriginals = std::map<std::string, const StepEvidence*>;

class ComponentTests {
 public:
  // `components` and `originals` must outlive this, and not move.
  ComponentTests(Session& session, const std::vector<Component>& components, const RanOriginals& originals)
      : session_(session), components_(components), originals_(originals) {}

  // Callable from several threads. Never throws for what the file holds. Throws Error(infrastructure).
  ComponentReport run(const Component& component);

 private:
  // An operation that makes infinities or NaN: its canonical name and its result's dtype.
  using Maker = std::pair<std::string, std::string>;

  void run_self_test(const Component& component, ComponentReport& report);
  void run_own_test(const Component& component, ComponentReport& report);
  // What the own test looks at, from a step's runs or from one of its own.
  struct OwnTest {
    RanTensors ran;
    Json declared;  // get_expected_output_shape(): {"present", "value" | "opaque"}
    std::string sandbox;
    std::optional<Tape> nonfinite;  // of a run whose results are not finite
  };
  OwnTest own_test(const Component& component);
  void judge_finite(const Component& component, const Tape& tape, ComponentReport& report);
  const std::set<Maker>& nonfinite_in_model();
  // One that stands for the model: of the highest level, or the original of a step that stands alone.
  bool is_top(const Component& component) const;

  Session& session_;
  const std::vector<Component>& components_;
  const RanOriginals& originals_;
  std::once_flag model_ran_;
  std::set<Maker> in_model_;  // of the components that stand for the model
};

// The tests of those components that no other stands for (a child equal to a file of the level folders, a step's original): reports
// in their order. `done`, where given, gets each as it ends. What the machine could not run is not decided.
std::vector<ComponentReport> test_each(Session& session, const std::vector<Component>& components, const RanOriginals& originals, const volatile std::sig_atomic_t* interrupted,
                                       const std::function<void(const ComponentReport&, std::size_t total)>& done);

}  // namespace decomp
