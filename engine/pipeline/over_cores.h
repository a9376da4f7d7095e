#pragma once
// The same work for many things, on several threads.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace decomp {

// Calls work(i) for every i below `count`, at most `at_once` at a time, in order of i. What the first failing call throws is thrown
// when all threads are done; work that was not begun by then is left.
template <class Work>
void over_cores(std::size_t count, int at_once, Work work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::exception_ptr broken;
  auto loop = [&] {
    for (std::size_t i; !stopped && (i = next++) < count;) {
      try {
        work(i);
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!broken) broken = std::current_exception();
        stopped = true;
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min<std::size_t>(count, static_cast<std::size_t>(std::max(1, at_once))); ++i) threads.emplace_back(loop);
  loop();
  for (std::thread& thread : threads) thread.join();
  if (broken) std::rethrow_exception(broken);
}

}  // namespace decomp
