#include "tensor/elements.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <vector>

#include "tensor/dtype.h"
#include "tensor/parallel.h"

namespace decomp {
namespace {

constexpr std::int64_t block = 1024;  // elements widened to float64 at a time: both sides fit the first-level cache
constexpr std::int64_t chunk = 256 * block;  // what one task takes; fixed, so that sums do not depend on the threads
constexpr double none = -std::numeric_limits<double>::infinity();

// What is known about a chunk while it is walked. `worst_*`: how bad the element at an index is, in three ranks.
struct Partial {
  ElementStats stats;
  std::int64_t worst_nonfinite = -1;
  std::int64_t worst_mismatch = -1;
  double worst_excess = none;
  std::int64_t worst_difference = -1;
};

struct Pair {
  double difference;
  double magnitude;  // of the expected element
};

// One finite pair into the running statistics.
void add_finite(Partial& p, Pair pair, Tolerance tolerance, std::int64_t index) {
  const double bound = tolerance.atol + tolerance.rtol * pair.magnitude;
  ++p.stats.finite_pairs;
  p.stats.sum_abs += pair.difference;
  if (pair.magnitude > 0) p.stats.max_rel = std::max(p.stats.max_rel, pair.difference / pair.magnitude);
  if (pair.difference > p.stats.max_abs) {
    p.stats.max_abs = pair.difference;
    p.worst_difference = index;
  }
  // Negated, so that a bound that is not a number closes nothing.
  if (!(pair.difference <= bound)) {
    ++p.stats.mismatches;
    const double excess = pair.difference - bound;
    if (p.worst_mismatch < 0 || excess > p.worst_excess) {
      p.worst_excess = excess;
      p.worst_mismatch = index;
    }
  }
}

void add_nonfinite_mismatch(Partial& p, std::int64_t index) {
  ++p.stats.mismatches;
  ++p.stats.nonfinite_mismatches;
  if (p.worst_nonfinite < 0) p.worst_nonfinite = index;
}

void add_expected(Partial& p, double square) {
  ++p.stats.finite_expected;
  p.stats.sum_squares += square;
}

bool same_place(double e, double a) { return (std::isnan(e) && std::isnan(a)) || e == a; }

// --- units in the last place
// ---------------------------------------------------------------------------------------------

// Floats of one dtype in order, as integers: neighbours differ by one, both zeros are 0.
template <typename T>
auto ordered(T value) {
  if constexpr (std::is_same_v<T, c10::Float8_e8m0fnu>) {
    return static_cast<std::int32_t>(value.x);  // exponent only, no sign
  } else if constexpr (sizeof(T) == 8) {
    const auto bits = std::bit_cast<std::int64_t>(value);
    return bits < 0 ? -(bits & std::numeric_limits<std::int64_t>::max()) : bits;
  } else if constexpr (sizeof(T) == 4) {
    const auto bits = std::bit_cast<std::int32_t>(value);
    return bits < 0 ? -(bits & std::numeric_limits<std::int32_t>::max()) : bits;
  } else if constexpr (sizeof(T) == 2) {
    const auto bits = static_cast<std::int32_t>(static_cast<std::int16_t>(value.x));
    return bits < 0 ? -(bits & 0x7fff) : bits;
  } else {
    const auto bits = static_cast<std::int32_t>(static_cast<std::int8_t>(value.x));
    return bits < 0 ? -(bits & 0x7f) : bits;
  }
}

template <typename T>
std::uint64_t ulp_distance(T e, T a) {
  const auto x = ordered(e);
  const auto y = ordered(a);
  using Unsigned = std::make_unsigned_t<decltype(ordered(e))>;
  return x > y ? static_cast<Unsigned>(x) - static_cast<Unsigned>(y)
               : static_cast<Unsigned>(y) - static_cast<Unsigned>(x);
}

template <typename T>
std::uint64_t max_ulp_distance(const T* e, const T* a, std::int64_t count) {
  using Unsigned = std::make_unsigned_t<decltype(ordered(*e))>;
  Unsigned largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto x = ordered(e[i]);
    const auto y = ordered(a[i]);
    const Unsigned up = static_cast<Unsigned>(y) - static_cast<Unsigned>(x);
    const Unsigned distance = x > y ? Unsigned{0} - up : up;
    largest = distance > largest ? distance : largest;
  }
  return largest;
}

// --- real floats
// ---------------------------------------------------------------------------------------------------------

template <typename T>
void widen(const T* from, double* to, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) to[i] = to_double(from[i]);
}

bool finite_throughout(const double* values, std::int64_t count) {
  // x - x is 0 for a finite x and NaN for all else; lanes let the compiler vectorise the sum.
  double lanes[4] = {0, 0, 0, 0};
  std::int64_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (int l = 0; l < 4; ++l) lanes[l] += values[i + l] - values[i + l];
  for (; i < count; ++i) lanes[0] += values[i] - values[i];
  return lanes[0] + lanes[1] + lanes[2] + lanes[3] == 0.0;
}

void add_squares(Partial& p, const double* e, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    if (std::isfinite(e[i])) add_expected(p, e[i] * e[i]);
}

// `count` finite pairs, at most `block`, `first` the index of the first. e and a may be written past `count` to fill
// lanes.
void add_finite_block(Partial& p, double* e, double* a, std::int64_t count, Tolerance tolerance, std::int64_t first) {
  constexpr int width = 4;
  double difference[width] = {}, relative[width] = {}, sum[width] = {}, squares[width] = {};
  std::int64_t outside[width] = {};
  for (std::int64_t i = count; i % width != 0; ++i) e[i] = a[i] = 0.0;
  for (std::int64_t i = 0; i < count; i += width) {
    for (int l = 0; l < width; ++l) {
      const double magnitude = std::fabs(e[i + l]);
      const double d = std::fabs(a[i + l] - e[i + l]);
      const double ratio = d / (magnitude > 0 ? magnitude : 1.0);
      const double counted = magnitude > 0 ? ratio : 0.0;
      sum[l] += d;
      squares[l] += magnitude * magnitude;
      difference[l] = d > difference[l] ? d : difference[l];
      relative[l] = counted > relative[l] ? counted : relative[l];
      outside[l] += d <= tolerance.atol + tolerance.rtol * magnitude ? 0 : 1;
    }
  }
  // A padding pair is equal, so it is outside only if no bound is a number, and then so is every pair.
  const std::int64_t mismatches = std::min(outside[0] + outside[1] + outside[2] + outside[3], count);
  const double largest = *std::max_element(difference, difference + width);
  p.stats.max_rel = std::max(p.stats.max_rel, *std::max_element(relative, relative + width));
  p.stats.sum_squares += (squares[0] + squares[1]) + (squares[2] + squares[3]);
  p.stats.finite_expected += count;
  if (mismatches == 0 && largest <= p.stats.max_abs) {
    p.stats.sum_abs += (sum[0] + sum[1]) + (sum[2] + sum[3]);
    p.stats.finite_pairs += count;
    return;
  }
  for (std::int64_t i = 0; i < count; ++i)
    add_finite(p, {std::fabs(a[i] - e[i]), std::fabs(e[i])}, tolerance, first + i);
}

template <typename T>
void add_real_block(Partial& p, const T* e, const T* a, std::int64_t count, Tolerance tolerance, std::int64_t first) {
  alignas(64) double we[block];
  alignas(64) double wa[block];
  widen(e, we, count);
  const bool finite_e = finite_throughout(we, count);
  if (std::memcmp(e, a, static_cast<std::size_t>(count) * sizeof(T)) == 0) {
    // Equal bytes count as finite pairs of difference 0 in the mean.
    const std::int64_t before = p.stats.finite_expected;
    add_squares(p, we, count);
    p.stats.finite_pairs += p.stats.finite_expected - before;
    return;
  }
  widen(a, wa, count);
  if (finite_e && finite_throughout(wa, count)) {
    p.stats.max_ulp = std::max(p.stats.max_ulp, max_ulp_distance(e, a, count));
    add_finite_block(p, we, wa, count, tolerance, first);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    if (std::isfinite(we[i])) add_expected(p, we[i] * we[i]);
    if (std::isfinite(we[i]) && std::isfinite(wa[i])) {
      p.stats.max_ulp = std::max(p.stats.max_ulp, ulp_distance(e[i], a[i]));
      add_finite(p, {std::fabs(wa[i] - we[i]), std::fabs(we[i])}, tolerance, first + i);
    } else if (!same_place(we[i], wa[i])) {
      add_nonfinite_mismatch(p, first + i);
    }
  }
}

// --- complex: modulus of the difference; a part that is not finite must be the same part on the other side
// ------------------

template <typename T>
double modulus(double re, double im) {
  // Squares of float32 neither overflow nor vanish in float64. What overflows here must not make a bound infinite.
  if constexpr (std::is_same_v<T, double>) return std::min(std::hypot(re, im), std::numeric_limits<double>::max());
  return std::sqrt(re * re + im * im);
}

template <typename T>
void add_complex(Partial& p, const T* e, const T* a, Tolerance tolerance, std::int64_t index) {
  double we[2] = {to_double(e[0]), to_double(e[1])};
  double wa[2] = {to_double(a[0]), to_double(a[1])};
  const bool finite_e = std::isfinite(we[0]) && std::isfinite(we[1]);
  if (finite_e) add_expected(p, we[0] * we[0] + we[1] * we[1]);
  bool whole = true;
  for (int part = 0; part < 2; ++part) {
    if (std::isfinite(we[part]) && std::isfinite(wa[part])) {
      p.stats.max_ulp = std::max(p.stats.max_ulp, ulp_distance(e[part], a[part]));
    } else if (same_place(we[part], wa[part])) {
      we[part] = wa[part] = 0.0;  // agrees; the other part decides
      whole = false;
    } else {
      return add_nonfinite_mismatch(p, index);
    }
  }
  const Pair pair = {modulus<T>(wa[0] - we[0], wa[1] - we[1]), modulus<T>(we[0], we[1])};
  add_finite(p, pair, tolerance, index);
  if (!whole) --p.stats.finite_pairs;
}

// --- integers and bool: equal or not
// -----------------------------------------------------------------------------------------

template <typename T>
void add_exact(Partial& p, T e, T a, std::int64_t index) {
  const double magnitude = std::fabs(to_double(e));
  add_expected(p, magnitude * magnitude);
  double difference = 0.0;
  if constexpr (std::is_same_v<T, BoolByte>) {
    difference = e.value() == a.value() ? 0.0 : 1.0;
  } else {
    // In unsigned arithmetic the difference of two int64 is exact; as float64 both could round to one number.
    const auto up = static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(e);
    difference = static_cast<double>(e > a ? std::uint64_t{0} - up : up);
  }
  add_finite(p, {difference, magnitude}, Tolerance{0.0, 0.0}, index);
}

template <typename T>
Partial walk(const T* e, const T* a, std::int64_t begin, std::int64_t end, int components, Tolerance tolerance) {
  Partial p;
  for (std::int64_t first = begin; first < end; first += block) {
    const std::int64_t count = std::min(block, end - first);
    if constexpr (!is_float_component<T>) {
      for (std::int64_t i = first; i < first + count; ++i) add_exact(p, e[i], a[i], i);
    } else if (components == 1) {
      add_real_block(p, e + first, a + first, count, tolerance, first);
    } else if constexpr (std::is_same_v<T, c10::Half> || std::is_arithmetic_v<T>) {
      for (std::int64_t i = first; i < first + count; ++i) add_complex(p, e + 2 * i, a + 2 * i, tolerance, i);
    }
  }
  return p;
}

// Parts come in order of index, so "strictly worse" keeps the lowest index of a tie.
void merge(Partial& into, const Partial& part) {
  ElementStats& s = into.stats;
  if (into.worst_nonfinite < 0) into.worst_nonfinite = part.worst_nonfinite;
  if (part.worst_mismatch >= 0 && (into.worst_mismatch < 0 || part.worst_excess > into.worst_excess)) {
    into.worst_mismatch = part.worst_mismatch;
    into.worst_excess = part.worst_excess;
  }
  if (part.stats.max_abs > s.max_abs) into.worst_difference = part.worst_difference;
  s.mismatches += part.stats.mismatches;
  s.nonfinite_mismatches += part.stats.nonfinite_mismatches;
  s.max_abs = std::max(s.max_abs, part.stats.max_abs);
  s.max_rel = std::max(s.max_rel, part.stats.max_rel);
  s.sum_abs += part.stats.sum_abs;
  s.sum_squares += part.stats.sum_squares;
  s.finite_pairs += part.stats.finite_pairs;
  s.finite_expected += part.stats.finite_expected;
  s.max_ulp = std::max(s.max_ulp, part.stats.max_ulp);
}

}  // namespace

bool equal_bytes(const void* expected, const void* actual, std::uint64_t bytes) {
  constexpr std::uint64_t piece = 4u << 20;
  const auto* e = static_cast<const std::byte*>(expected);
  const auto* a = static_cast<const std::byte*>(actual);
  if (e == a || bytes == 0) return true;
  std::atomic<bool> equal{true};
  parallel_tasks((bytes + piece - 1) / piece, thread_count(bytes), [&](std::size_t i) {
    if (!equal.load(std::memory_order_relaxed)) return;
    const std::uint64_t start = i * piece;
    if (std::memcmp(e + start, a + start, std::min(piece, bytes - start)) != 0)
      equal.store(false, std::memory_order_relaxed);
  });
  return equal;
}

ElementStats compare_elements(at::ScalarType type, const void* expected, const void* actual, std::int64_t count,
                              Tolerance tolerance) {
  return visit_components(type, [&]<typename T>(std::type_identity<T>, int components) {
    const auto* e = static_cast<const T*>(expected);
    const auto* a = static_cast<const T*>(actual);
    std::vector<Partial> parts(static_cast<std::size_t>((count + chunk - 1) / chunk));
    parallel_tasks(parts.size(), thread_count(static_cast<std::uint64_t>(count) * sizeof(T)), [&](std::size_t i) {
      const std::int64_t begin = static_cast<std::int64_t>(i) * chunk;
      parts[i] = walk(e, a, begin, std::min(begin + chunk, count), components, tolerance);
    });
    Partial all;
    for (const Partial& part : parts) merge(all, part);
    all.stats.worst = all.worst_nonfinite >= 0  ? all.worst_nonfinite
                      : all.worst_mismatch >= 0 ? all.worst_mismatch
                                                : all.worst_difference;
    return all.stats;
  });
}

bool all_nan(at::ScalarType type, const void* data, std::int64_t count) {
  return visit_components(type, [&]<typename T>(std::type_identity<T>, int components) {
    if constexpr (!is_float_component<T>) {
      return false;
    } else {
      const auto* values = static_cast<const T*>(data);
      for (std::int64_t i = 0; i < count; ++i) {
        bool nan = std::isnan(to_double(values[i * components]));
        if (components == 2) nan = nan || std::isnan(to_double(values[i * components + 1]));
        if (!nan) return false;
      }
      return count > 0;
    }
  });
}

}  // namespace decomp
