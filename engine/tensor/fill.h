#pragma once
// Which fresh values a tensor gets (RULES §3), and writing them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "tensor/weights.h"

namespace decomp {

// A memory file that tensors are written to. Safe to use from several threads at different places.
// pwrite, not a mapping: a page that is written whole needs neither a fault nor zeroing, which halves the time of a
// fill.
class FillTarget {
 public:
  explicit FillTarget(int fd) : fd_(fd) {}
  void write(std::uint64_t offset, const void* data, std::uint64_t bytes) const;  // throws Error(infrastructure)
  void read(std::uint64_t offset, void* data, std::uint64_t bytes) const;         // throws Error(infrastructure)

 private:
  int fd_;
};

// Independent work: no task reads what another one wrote.
struct FillTask {
  std::uint64_t bytes = 0;
  std::function<void(const FillTarget&)> run;
};

// Adds the tasks that write `entry`, which begins at byte `offset` of the target and spans `elements` elements of its
// dtype.
void add_fill_tasks(const TensorEntry& entry, std::uint64_t offset, std::int64_t elements, std::uint64_t seed,
                    bool as_constructed, std::vector<FillTask>& tasks);

}  // namespace decomp
