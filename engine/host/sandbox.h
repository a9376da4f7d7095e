#pragma once
// The sandbox of one fork (DESIGN §4): Landlock, seccomp, rlimits, no inherited descriptors, no privileges, no core
// dump. Entered in the fork, after its descriptors are arranged and before any workspace code runs. Async-signal-safety
// is not needed: the fork has one task. Later threads are bound by it too.

#include <cstdint>
#include <string>
#include <vector>

namespace decomp {

enum class SandboxMode {
  automatic,  // what this kernel offers; the level says what was reached
  required,   // all three of Landlock (any ABI), seccomp and rlimits, or an error
  off,        // limits and descriptors only
};

struct SandboxPolicy {
  SandboxMode mode = SandboxMode::automatic;
  std::vector<std::string>
      readable;  // directories and files that may be read: Python, torch, /proc/self, /dev/urandom ...
  std::vector<std::string>
      devices;                // device files to be opened for writing too (CUDA); weakens seccomp, see syscall_filter.h
  std::vector<int> keep_fds;  // all other descriptors above 2 are closed
  double cpu_seconds = 600.0;      // RLIMIT_CPU, rounded up; SIGXCPU there, SIGKILL a second later; 0 = no limit
  std::uint64_t memory_bytes = 0;  // RLIMIT_AS beyond what is mapped now; 0 = no limit
  std::uint64_t file_bytes = 0;    // RLIMIT_FSIZE, written to memfds too; 0 = no limit
  int parent_pid = 0;              // the fork ends when this process is gone already; 0 = not asked
  int max_landlock_abi = 99;       // tests pretend to be on an older kernel: 0 = none
};

// What was reached, for the report.
struct SandboxLevel {
  int landlock_abi = 0;  // the ABI used, 0 = no Landlock
  bool seccomp = false;
  bool rlimits = false;
  std::string missing;  // why a part was not reached, "" when all were or mode is off
  // "landlock 7 + seccomp + rlimits", "seccomp + rlimits (<missing>)", "rlimits only", "off"
  std::string text() const;
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
