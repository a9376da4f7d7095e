#pragma once
// Comparison of what the original returned with what the refactored model returned.
//
// Closeness (per element, e expected, a actual):
//   1. equal bytes, or both NaN, or the same infinity: close;  a NaN or infinity on one side only: not close;
//   2. integers and bool: close iff equal;
//   3. else |a - e| <= atol + rtol * |e|, computed in float64 (complex: modulus in complex128).
// A pair of outputs passes when every element is close and dtype, shape and structure are the same.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decomp/finding.h"
#include "tensor/value.h"

namespace decomp {

struct Tolerance {
  double rtol = 0.0;
  double atol = 0.0;
};

// The table of rules/tolerances.json. `compute`: lowest-precision floating dtype that computed (RULES §3); the looser
// of its row and of the output's own row counts. `composition`: the looser of that and the composition row, which
// leaves float64 outputs alone. Integers and bool are always exact. Overrides replace the float rows.
struct TolerancePolicy {
  std::optional<double> rtol;
  std::optional<double> atol;
  std::optional<at::ScalarType> compute;
  bool composition = false;
  Tolerance of(at::ScalarType output) const;
};

// bit_exact: equal bytes (integers, bool, Python values: equal). ulp: passes, and no element is more than 4 units in
// the last place away; -0.0 for 0.0 and another NaN payload are ulp 0. Worst last.
enum class Grade { bit_exact, ulp, within_tolerance, different };

// One output path ("output", "output[0]", "output.logits", "output['x'][1]"). A Python number or string is compared
// like a 0-d tensor: float and complex as float64 and complex128, all else exactly; its dtype is then "int", "float",
// "str", ... Differences that float64 cannot hold are given as its largest number.
struct OutputComparison {
  std::string path;
  std::string dtype;                // expected's
  std::vector<std::int64_t> shape;  // expected's
  Tolerance tolerance;
  Grade grade = Grade::different;
  bool pass = false;
  std::int64_t elements = 0;
  std::int64_t mismatches = 0;            // elements that are not close
  std::int64_t nonfinite_mismatches = 0;  // of these, NaN or infinity on one side only
  double max_abs = 0.0;                   // over elements finite on both sides
  double max_rel = 0.0;                   // |a-e| / |e|, over elements with e != 0
  double mean_abs = 0.0;
  std::uint64_t max_ulp = 0;  // in units in the last place of the output's dtype; floating dtypes only; over
                              // elements finite on both sides, complex by part
  std::vector<std::int64_t> worst_index;  // of the worst mismatch (NaN and infinity first, then farthest outside its
                                          // tolerance), else of max_abs; empty for 0-d or when no value differs
  std::string expected_value;             // at worst_index, shortest round-trip text; empty when no value differs
  std::string actual_value;
  double worst_abs = 0.0;  // at worst_index, like max_abs, max_rel and max_ulp; 0 where a side is not finite
  double worst_rel = 0.0;
  std::uint64_t worst_ulp = 0;
  double expected_rms = 0.0;  // root mean square of the finite expected values; 0 when bit_exact was found by bytes
  double capped_atol = 0.0;   // min(atol, rtol * expected_rms), RULES §3; floating dtypes only
  std::int64_t capped_mismatches = 0;  // elements that are not close with capped_atol in the place of atol
  bool all_nan = false;                // floating, non-empty and NaN throughout (expected side)
};

// `structural`: one message per path whose kind, keys, length, type, dtype or shape differ (rules output-structure,
// output-dtype, output-shape); those paths have no OutputComparison.
struct StructuralMismatch {
  std::string rule;
  std::string path;
  std::string message;
};
struct ValueComparison {
  std::vector<OutputComparison> outputs;
  std::vector<StructuralMismatch> structural;
  bool pass() const;
  Grade grade() const;  // the worst of the outputs; bit_exact when there are none and nothing is structural
};

// Bytes first (memcmp), full statistics only where they differ. A namedtuple or dataclass matches by keys; its class
// name may differ; a list is not a tuple; a dict matches by key set, and a different key order is a mismatch too.
ValueComparison compare_values(const Value& expected, const Value& actual, const TolerancePolicy& policy,
                               const std::string& root = "output");

std::string_view to_string(Grade grade);

// One line for a person: "output[0] float32 [2, 3]: 5 of 6 elements differ; worst at [1, 2]: expected 0.25, got 0.5
// (abs 0.25, rel 1, 8388608 ulp); rtol 1e-05 atol 1e-06".
std::string describe(const OutputComparison& comparison);

}  // namespace decomp
