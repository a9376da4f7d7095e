#pragma once
// Element by element: two equally long arrays of one dtype.

#include <c10/core/ScalarType.h>

#include <cstdint>

#include "tensor/compare.h"

namespace decomp {

struct ElementStats {
  std::int64_t mismatches = 0;
  std::int64_t nonfinite_mismatches = 0;
  double max_abs = 0.0;
  double max_rel = 0.0;
  double sum_abs = 0.0;           // over elements finite on both sides
  double sum_squares = 0.0;       // of the finite expected values
  std::int64_t finite_pairs = 0;  // elements finite on both sides
  std::int64_t finite_expected = 0;
  std::uint64_t max_ulp = 0;
  std::int64_t worst =
      -1;  // flat index: the first non-finite mismatch, else the mismatch farthest outside its tolerance,
           // else the largest difference; the lowest index on a tie; -1 when nothing differs
};

// True when the arrays are equal bytes.
bool equal_bytes(const void* expected, const void* actual, std::uint64_t bytes);

// Everything about a pair. The result does not depend on the number of threads.
ElementStats compare_elements(at::ScalarType type, const void* expected, const void* actual, std::int64_t count,
                              Tolerance tolerance);

// True when a floating array is not empty and every element is NaN (complex: in one part at least).
bool all_nan(at::ScalarType type, const void* data, std::int64_t count);

}  // namespace decomp
