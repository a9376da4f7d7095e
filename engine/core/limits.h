#pragma once
// Every default in one place: limits of a job, trials, tolerances are in rules/tolerances.json.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace decomp {

// Limits of one job (one fork of the worker). Overrun is a finding, not an error.
struct Limits {
  double wall_seconds = 60.0;         // at least; raised to 20 times the original's own time for what follows it
  double wall_factor = 20.0;          // see wall_seconds
  double cpu_seconds = 600.0;         // RLIMIT_CPU
  std::uint64_t memory_bytes = 0;     // beyond what the worker maps itself; 0 = three quarters of the machine's memory
  std::uint64_t output_bytes = 256u << 10;   // printed by the judged code, stdout and stderr together
  std::uint64_t reply_bytes = 64u << 20;     // one JSON line from a job
  std::uint64_t tensor_bytes = 64ull << 30;  // one tensor file from a job
};

}  // namespace decomp
