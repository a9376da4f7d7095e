#pragma once
// Which fresh values a tensor gets (RULES §3), and writing them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "tensor/weights.h"

namespace decomp {

// Work that may run on any thread once everything in earlier phases has ended.
struct FillTask {
  int phase = 0;  // 0: from nothing; 1: copies of what phase 0 wrote
  std::uint64_t bytes = 0;
  std::function<void()> run;
};

// Adds the tasks that write `entry`, whose storage starts at `to` and spans `elements` elements of its dtype.
void add_fill_tasks(const TensorEntry& entry, std::byte* to, std::int64_t elements, std::uint64_t seed, bool as_constructed,
                    std::vector<FillTask>& tasks);

}  // namespace decomp
