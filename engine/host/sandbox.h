#pragma once
// The sandbox of one fork (DESIGN §4): Landlock, seccomp, rlimits. Entered in the fork, after its descriptors are
// arranged and before any workspace code runs. Async-signal-safety is not needed: the fork has one task.

#include <cstdint>
#include <string>
#include <vector>

namespace decomp {

enum class SandboxMode { automatic, required, off };

struct SandboxPolicy {
  SandboxMode mode = SandboxMode::automatic;
  std::vector<std::string> readable;      // directories and files that may be read: Python, torch, /proc/self, /dev/urandom ...
  std::vector<int> keep_fds;              // all other descriptors above 2 are closed
  double cpu_seconds = 600.0;             // RLIMIT_CPU
  std::uint64_t memory_bytes = 0;         // RLIMIT_AS beyond what is mapped now; 0 = no limit
  std::uint64_t file_bytes = 0;           // RLIMIT_FSIZE; 0 = no limit
};

// What was reached, for the report: {landlock ABI used (0 = none), seccomp, rlimits}.
struct SandboxLevel {
  int landlock_abi = 0;
  bool seccomp = false;
  bool rlimits = false;
  std::string text() const;  // "landlock 7 + seccomp + rlimits", "rlimits only", "off"
};

// Never throws. With mode required, `error` is set when anything could not be reached, and the caller must not go on.
struct SandboxResult {
  SandboxLevel level;
  std::string error;
};
SandboxResult enter_sandbox(const SandboxPolicy& policy);

// The Landlock ABI of this kernel, 0 when there is none.
int landlock_abi();

}  // namespace decomp
