#pragma once
// Runs one act in a sandboxed fork and tells how it ended.

#include "host/sandbox.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace decomp::sandbox_test {

// What an act returns is the fork's exit status: 0, or the errno of the call that was refused.
using Act = std::function<int()>;

// errno of a call that said -1, else 0.
inline int errno_of(long result) { return result == -1 ? errno : 0; }

struct End {
  int code = -1;   // exit status, -1 when a signal ended it
  int signal = 0;  // 0 when it exited
};

constexpr int kNotEntered = 250;  // enter_sandbox reported an error

inline End run_in_fork(const Act& act) {
  const pid_t child = fork();
  if (child == 0) {
    for (const int signal : {SIGABRT, SIGSEGV, SIGILL, SIGFPE, SIGTERM}) std::signal(signal, SIG_DFL);  // not Catch's
    _exit(act());
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return {-1, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

inline End run_in_sandbox(const SandboxPolicy& policy, const Act& act) {
  return run_in_fork([&] { return enter_sandbox(policy).error.empty() ? act() : kNotEntered; });
}

// Two directories with a file each: one that the policy lets be read, one that it does not name.
class Places {
 public:
  Places() {
    char name[] = "/tmp/decomp_sandbox_XXXXXX";
    root_ = mkdtemp(name);
    for (const std::filesystem::path& dir : {open_dir(), closed_dir()}) {
      std::filesystem::create_directory(dir);
      std::ofstream(dir / "file") << "text";
    }
  }
  ~Places() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;

  std::filesystem::path open_dir() const { return root_ / "open"; }
  std::filesystem::path closed_dir() const { return root_ / "closed"; }
  std::string open_file() const { return open_dir() / "file"; }
  std::string closed_file() const { return closed_dir() / "file"; }

  SandboxPolicy policy(int max_landlock_abi = 99) const {
    SandboxPolicy policy;
    policy.readable = {open_dir(), "/proc/self", "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom"};
    policy.max_landlock_abi = max_landlock_abi;
    return policy;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace decomp::sandbox_test
