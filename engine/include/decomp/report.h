#pragma once
// What decomp found: plain values, no third-party types. Rendered by engine/report, or read directly by embedding tools.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decomp/component_report.h"
#include "decomp/coverage_report.h"
#include "decomp/finding.h"

namespace decomp {

// Only `pass` is a proof. fail: a finding of severity error. vacuous: equal, but nothing could have differed.
// skipped: a part was left out on request. not_decided: the machine could not tell (retryable).
enum class Status { pass, fail, vacuous, skipped, not_decided };

// One output tensor or number of one trial. Indices and shapes in elements; values as text that reads back exactly.
struct OutputReport {
  std::string path;  // "output", "output[0]", "output.logits"
  std::string dtype;
  std::vector<std::int64_t> shape;
  double rtol = 0;
  double atol = 0;
  std::string grade;  // "bit_exact", "ulp", "within_tolerance", "different"
  bool pass = false;
  std::int64_t elements = 0;
  std::int64_t mismatches = 0;
  double max_abs = 0;
  double max_rel = 0;
  double mean_abs = 0;
  std::uint64_t max_ulp = 0;
  std::vector<std::int64_t> worst_index;
  std::string expected;  // at worst_index
  std::string actual;
};

struct TrialReport {
  std::string kind;  // "public": seeds 42, 43, ...; "entropy": seed drawn by the host; "host_inputs": inputs changed by the host
  std::int64_t seed = 0;
  bool pass = false;
  double max_abs = 0;
  std::vector<OutputReport> outputs;
};

struct WeightReport {
  std::string refactored;
  std::string original;
  std::string how;  // "explicit", "equal name", "path", ...
};

// Deliberate changes of one kind: "child zeroed", "weights exchanged", "weight perturbed".
struct MutantReport {
  std::string kind;
  int made = 0;
  int caught = 0;  // the others move neither model, or are findings
  int left = 0;    // for want of time
};

struct StepReport {
  std::string path;  // of the step's folder, as given
  std::string original_file;
  std::string refactored_file;
  std::string weight_map_file;  // "" without one
  Status status = Status::not_decided;
  std::vector<Finding> findings;
  bool anticheat_skipped = false;
  std::vector<WeightReport> weights;
  std::vector<std::string> unmapped_original;
  std::vector<std::string> unmapped_refactored;
  std::vector<TrialReport> trials;
  double rtol = 0;  // of the first output
  double atol = 0;
  std::string input_dtype;
  std::string grade;             // worst over all trials; "" when nothing was compared
  std::string first_divergence;  // which child departs first, or that it cannot be told; "" on a pass
  std::string float64;           // what a rerun in float64 said; "" when every result was bit-exact
  std::vector<MutantReport> mutants;  // one per kind that the step can have
  std::vector<std::string> equivalences;  // declared equivalences that conservation used
  std::optional<double> coverage_percent;  // of the original's compute operations, those that children make; nothing: it never ran
  std::vector<std::string> children_with_true_inputs;  // import names whose get_inputs() match a recorded call
  std::string sandbox;                                // level reached
  std::string cached;          // when this was found, in UTC ("2026-01-31T12:00:00Z"); "" for now
  std::string decomposition;   // folder whose steps were judged together; "" for a step alone
  std::uint64_t entropy = 0;   // what the host drew: with it, the run can be repeated
  int threads = 0;             // of each of the two models
  std::map<std::string, std::string> digests;         // file -> SHA-256
  std::map<std::string, double> seconds;              // where the time went
};

struct Report {
  Status status = Status::not_decided;
  std::vector<StepReport> steps;
  std::vector<StepReport> compositions;  // of whole decompositions: the source model against its kernels alone
  std::vector<ComponentReport> components;  // of run-tests
  std::vector<CoverageReport> coverage;     // of extract-ops
  std::vector<Finding> findings;  // that belong to no single step or component
  std::map<std::string, std::string> versions;  // decomp, torch, python
  std::map<std::string, std::string> settings;  // that bear on a verdict: "num_trials", "rtol", "atol", "device", ...
  std::string cached;  // when all of this was found, as StepReport::cached; "" where something was judged now
  double seconds = 0;
};

std::string_view to_string(Status status);  // "PASS", "FAIL", "VACUOUS", "SKIPPED", "NOT DECIDED"

// 0 pass, 1 findings, 3 could not decide; 1 wins over 3 (4, nothing to check, is an Error).
int exit_code(const Report& report);

}  // namespace decomp
