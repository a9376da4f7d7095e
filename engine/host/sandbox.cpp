#include "host/sandbox.h"

#include "host/landlock.h"
#include "host/syscall_filter.h"

#include <dirent.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace decomp {
namespace {

constexpr rlim_t kOpenFiles = 1024;  // Python and torch hold about ten; a model has no reason to hold more

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

void add_reason(std::string& reasons, const std::string& reason) {
  if (!reasons.empty()) reasons += "; ";
  reasons += reason;
}

std::vector<int> numbers_in(const char* directory) {
  std::vector<int> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(directory), closedir);
  while (const dirent* entry = dir ? readdir(dir.get()) : nullptr)
    if (entry->d_name[0] != '.') numbers.push_back(std::atoi(entry->d_name));
  return numbers;
}

// Linux before 5.9 has no close_range.
void close_listed_descriptors(const std::vector<int>& keep) {
  for (const int fd : numbers_in("/proc/self/fd"))
    if (fd > 2 && !std::binary_search(keep.begin(), keep.end(), fd)) close(fd);
}

void close_descriptors_but(std::vector<int> keep) {
  std::sort(keep.begin(), keep.end());
  unsigned first = 3;
  for (const int fd : keep) {
    if (fd < 0 || static_cast<unsigned>(fd) < first) continue;
    const auto kept = static_cast<unsigned>(fd);
    if (kept > first && syscall(SYS_close_range, first, kept - 1, 0) != 0) return close_listed_descriptors(keep);
    first = kept + 1;
  }
  if (syscall(SYS_close_range, first, ~0u, 0) != 0) close_listed_descriptors(keep);
}

std::uint64_t mapped_bytes() {
  unsigned long pages = 0;
  if (const std::unique_ptr<FILE, int (*)(FILE*)> statm(std::fopen("/proc/self/statm", "re"), std::fclose); statm)
    if (std::fscanf(statm.get(), "%lu", &pages) != 1) pages = 0;
  return std::uint64_t{pages} * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// Lowers, never raises: a stricter limit that the user's shell set stays. `slack` lies between the soft and the hard
// one.
bool limit(__rlimit_resource resource, rlim_t wanted, rlim_t slack = 0) {
  rlimit now{};
  if (getrlimit(resource, &now) != 0) return false;
  const rlim_t hard = std::min<rlim_t>(now.rlim_max, wanted + slack);
  const rlimit next{std::min({now.rlim_cur, wanted, hard}), hard};
  return setrlimit(resource, &next) == 0;
}

// RLIMIT_NPROC is left alone: it counts every task of the user on the machine, so no number is both safe for a busy
// user and useful here. seccomp stops new processes, and each thread's stack counts against RLIMIT_AS.
bool set_limits(const SandboxPolicy& policy, std::string& missing) {
  bool done = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, kOpenFiles) && limit(RLIMIT_MSGQUEUE, 0);
  if (policy.cpu_seconds > 0)
    done = limit(RLIMIT_CPU, static_cast<rlim_t>(std::ceil(std::min(policy.cpu_seconds, 1e15))), 1) && done;
  if (policy.file_bytes > 0) done = limit(RLIMIT_FSIZE, policy.file_bytes) && done;
  if (policy.memory_bytes > 0) {
    const std::uint64_t mapped = mapped_bytes();
    if (mapped == 0) {
      add_reason(missing, "/proc/self/statm cannot be read, so no memory limit");
      return false;
    }
    const std::uint64_t room = static_cast<std::uint64_t>(LLONG_MAX) - mapped;
    done = limit(RLIMIT_AS, mapped + std::min(policy.memory_bytes, room)) && done;
  }
  if (!done) add_reason(missing, failed("rlimits"));
  return done;
}

// Root's powers go, but for reading: an installation below another user's closed home directory stays readable, as far
// as Landlock lets it be.
bool drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  const std::uint32_t kept = data[0].permitted & (1u << CAP_DAC_READ_SEARCH);
  data[0] = {kept, kept, 0};
  data[1] = {0, 0, 0};
  return syscall(SYS_capset, &header, data) == 0;
}

bool give_up_privileges(std::string& missing) {
  // Undumpable: no core file (a core_pattern that is a program ignores RLIMIT_CORE), and no sibling of the same user
  // may read this memory.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && drop_capabilities())
    return true;
  add_reason(missing, failed("giving up privileges"));
  return false;
}

void restrict_process(const SandboxPolicy& policy, SandboxLevel& level) {
  if (numbers_in("/proc/self/task").size() != 1)
    return add_reason(level.missing, "the fork has more than one task, or no /proc: a sandbox would not bind them all");
  if (!give_up_privileges(level.missing)) return;

  std::string error;
  level.landlock_abi = restrict_files({policy.readable, policy.devices}, policy.max_landlock_abi, error);
  if (level.landlock_abi == 0) add_reason(level.missing, error);
  if (level.landlock_abi == 0 && !policy.devices.empty())
    add_reason(level.missing, "so with an accelerator nothing stops a write to existing files");

  level.seccomp = install_syscall_filter(!policy.devices.empty(), error);
  if (!level.seccomp) add_reason(level.missing, error);
}

}  // namespace

std::string SandboxLevel::text() const {
  std::string parts;
  const auto add = [&](const std::string& part) { parts += (parts.empty() ? "" : " + ") + part; };
  if (landlock_abi > 0) add("landlock " + std::to_string(landlock_abi));
  if (seccomp) add("seccomp");
  if (rlimits) add(parts.empty() ? "rlimits only" : "rlimits");
  if (parts.empty()) parts = "off";
  return missing.empty() ? parts : parts + " (" + missing + ")";
}

SandboxResult enter_sandbox(const SandboxPolicy& policy) {
  SandboxResult result;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (policy.parent_pid != 0 && getppid() != policy.parent_pid) _exit(128 + SIGKILL);  // it died before the line above
  close_descriptors_but(policy.keep_fds);
  result.level.rlimits = set_limits(policy, result.level.missing);
  if (policy.mode == SandboxMode::off) return result;

  restrict_process(policy, result.level);
  const bool complete = result.level.landlock_abi > 0 && result.level.seccomp && result.level.rlimits;
  if (policy.mode == SandboxMode::required && !complete) result.error = result.level.missing;
  return result;
}

}  // namespace decomp
