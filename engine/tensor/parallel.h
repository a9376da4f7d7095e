#pragma once
// A few threads for work that memory bandwidth bounds. They are joined before the call returns: the host keeps no pool
// that a fork or an embedding program could meet.

#include <cstddef>
#include <cstdint>
#include <functional>

namespace decomp {

// Threads for touching `bytes` bytes: 1 below 32 MiB (starting one costs more than it saves), else up to 4.
int thread_count(std::uint64_t bytes);

// Runs task(0) ... task(count - 1), each once, in any order. The first exception is rethrown after all threads ended.
void parallel_tasks(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

}  // namespace decomp
