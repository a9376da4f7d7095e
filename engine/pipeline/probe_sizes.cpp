// Inputs of other sizes: one sample, none, and sizes at each side of the numbers that the code compares with.

#include <ATen/Functions.h>

#include <iterator>

#include "pipeline/probe_runs.h"

namespace decomp {
namespace {

constexpr std::int64_t most_elements = 1 << 20;         // of an input made larger
constexpr std::int64_t most_elements_for_own = 1 << 23;  // where a number of the refactored files asks for it
constexpr std::size_t most_bounds = 8, most_numbers = 48;
constexpr std::int64_t most_swept = 130;

// The same tensor with `size` places along a dimension: its own again and again, floats varied a little.
at::Tensor resized(const at::Tensor& t, std::int64_t dim, std::int64_t size, std::uint64_t seed) {
  const at::Tensor places = at::arange(size, at::kLong).remainder(t.size(dim));
  at::Tensor made = t.index_select(dim, places);
  if (of_floats(made)) {
    at::Tensor wave = at::arange(made.numel(), at::kDouble)
                          .mul(0.7548776662)
                          .add(static_cast<double>(seed % 1000))
                          .sin()
                          .mul(0.3)
                          .add(1.0);
    made = made.to(at::kDouble).mul(wave.reshape(made.sizes())).to(made.scalar_type());
  }
  return made;
}

class Sizes {
 public:
  explicit Sizes(ProbeRuns& runs) : runs_(runs), step_(runs.step()) {}

  void run() {
    std::set<std::pair<std::int64_t, std::int64_t>> seen;  // dimension, size
    for (std::int64_t dim = 0; dim < 8; ++dim)
      for (const at::Tensor& t : runs_.tensors()) {
        if (t.dim() <= dim || t.dim() < 1 || !seen.insert({dim, t.size(dim)}).second) continue;
        sizes_of(dim, t.size(dim));
        if (step_.has_errors() || runs_.exhausted()) return;
      }
  }

 private:
  void sizes_of(std::int64_t dim, std::int64_t size) {
    std::vector<std::pair<std::int64_t, bool>> wanted;  // size, whether a bound of the code led there
    std::size_t bounds = 0;
    std::set<std::int64_t> all = step_.own_decisions.numbers;
    for (const std::int64_t bound : step_.tests.bounds)
      if (++bounds <= most_bounds) all.insert(bound);
    bounds = 0;
    for (const std::int64_t bound : all) {
      if (++bounds > most_numbers) break;
      for (const std::int64_t near : {bound, bound + 1, bound - 1})
        // Where the bound decides otherwise than in the trials.
        if (near != size && (size < bound ? near >= bound : size > bound ? near <= bound : true))
          wanted.push_back({near, true});
    }
    if (size != 1) wanted.insert(wanted.begin(), {1, false});
    wanted.insert(wanted.begin(), {0, true});
    // A test of a size that the refactored files make on their own may be written in any way: every small size.
    if (step_.tests.own_sizes && dim == 0)
      for (std::int64_t small = 2; small <= most_swept; ++small)
        if (small != size) wanted.push_back({small, true});
    bool accepted = false;
    for (const auto& [near, directed] : wanted) {
      if (runs_.exhausted()) return;
      bool too_large = false;
      HostInputs made = runs_.changed([&](const at::Tensor& t) {
        if (t.dim() <= dim || t.size(dim) != size) return t;
        if (size == 0 || t.numel() / size * near > (step_.own_decisions.numbers.count(near) + step_.own_decisions.numbers.count(near - 1) != 0
                                                        ? most_elements_for_own
                                                        : most_elements)) {
          too_large = true;
          return t;
        }
        return resized(t, dim, near, step_.entropy);
      });
      if (too_large) continue;
      const ProbeRuns::Outcome outcome = runs_.try_both(std::move(made));
      if (!outcome.counts) {
        if (!accepted && ++refusals_[dim] > 4) return;  // a dimension that the weights fix
        continue;
      }
      accepted = true;
      if (outcome.failed) continue;  // it says that it does not take this size
      judge_size(outcome, dim, size, near, directed);
      if (step_.has_errors()) return;
    }
  }

  void judge_size(const ProbeRuns::Outcome& outcome, std::int64_t dim, std::int64_t size, std::int64_t near,
                  bool directed) {
    const std::string when = "with " + std::to_string(near) + " in place of " + std::to_string(size) +
                             " in dimension " + std::to_string(dim) + " of the inputs, ";
    // Of no sample a loop runs nothing, and an operation on the whole batch runs all the same.
    std::string what = near > 0 ? changed_kinds(outcome.expected.tape, step_.tape_a, outcome.actual.tape, step_.tape_b) : "";
    if (what.empty() && directed) what = runs_.difference(outcome, ProbeRuns::What::all);
    if (!what.empty())
      runs_.add("conservation-size", when + what,
                "Take the sizes from the inputs, and keep the original's branches and bounds; a model for one size "
                "only must refuse the others.");
  }

  ProbeRuns& runs_;
  StepContext& step_;
  std::map<std::int64_t, int> refusals_;
};

}  // namespace

void probe_sizes(ProbeRuns& runs) {
  if (runs.step().tests.any || runs.step().tests.own_sizes || !runs.step().own_decisions.numbers.empty()) Sizes(runs).run();
}

}  // namespace decomp
