// What the sandbox leaves working, what Landlock closes by its ABI, the limits, and how a level is told.

#include "host/landlock.h"
#include "sandbox_fork.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

using namespace decomp;
using namespace decomp::sandbox_test;

namespace {

struct Allowed {
  const char* name;
  Act run;
};

int threads_add_up() {
  std::atomic<int> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&sum] { sum += 1; });
  for (std::thread& thread : threads) thread.join();
  return sum == 4 ? 0 : 1;
}

// As a JIT compiler of convolution kernels does.
int code_is_made_and_run() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || madvise(page, 4096, MADV_WILLNEED) != 0) return errno;
  return errno_of(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

int text_is_read(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  char byte = 0;
  const int error = read(fd, &byte, 1) == 1 ? 0 : EIO;
  close(fd);
  return error;
}

int directory_is_listed(const std::string& path) {
  DIR* dir = opendir(path.c_str());
  return dir == nullptr ? errno : closedir(dir);
}

int descriptors_are_waited_for() {
  const int event = eventfd(1, EFD_CLOEXEC);
  pollfd wanted{event, POLLIN, 0};
  int ends[2];
  if (event < 0 || poll(&wanted, 1, 0) != 1 || pipe2(ends, O_CLOEXEC) != 0) return errno;
  return errno_of(fcntl(ends[0], F_DUPFD_CLOEXEC, 3));
}

int affinity_is_set() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return errno;
  return errno_of(sched_setaffinity(0, sizeof set, &set));
}

int name_and_limits_are_set() {
  rlimit files{};
  if (prctl(PR_SET_NAME, "tensor", 0, 0, 0) != 0 || getrlimit(RLIMIT_NOFILE, &files) != 0) return errno;
  return errno_of(setrlimit(RLIMIT_NOFILE, &files));
}

// Restricts by Landlock only, so that seccomp cannot answer in its place.
End run_behind_landlock(const LandlockPaths& paths, int abi, const Act& act) {
  return run_in_fork([&] {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    std::string error;
    return restrict_files(paths, abi, error) == abi ? act() : kNotEntered;
  });
}

int bind_tcp() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return errno_of(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address));
}

}  // namespace

TEST_CASE("sandbox: what a tensor computation needs goes on working") {
  const int abi = GENERATE(99, 2, 0);
  const Places places;
  const std::vector<Allowed> acts = {
      {"threads", threads_add_up},
      {"making code", code_is_made_and_run},
      {"reading an allowed file", [&] { return text_is_read(places.open_file()); }},
      {"listing an allowed directory", [&] { return directory_is_listed(places.open_dir()); }},
      {"reading about itself", [] { return text_is_read("/proc/self/status"); }},
      {"random bytes", [] { return text_is_read("/dev/urandom"); }},
      {"loading a library", [] { return dlopen("libm.so.6", RTLD_NOW) == nullptr ? 1 : 0; }},
      {"poll, eventfd, pipe, dup", descriptors_are_waited_for},
      {"affinity", affinity_is_set},
      {"names and its own limits", name_and_limits_are_set},
      {"isatty", [] { return isatty(0) == 1 || errno == ENOTTY || errno == EINVAL || errno == EBADF ? 0 : errno; }},
      {"a signal to itself", [] { return errno_of(kill(getpid(), 0)); }},
  };
  for (const Allowed& act : acts) {
    INFO(act.name << ", Landlock ABI at most " << abi);
    const End end = run_in_sandbox(places.policy(abi), act.run);
    CHECK(end.signal == 0);
    CHECK(end.code == 0);
  }
  CHECK(run_in_sandbox(places.policy(abi), [] {
          std::abort();
          return 0;
        }).signal == SIGABRT);
}

TEST_CASE("sandbox: a kept socket and a kept memory file go on working, all other descriptors are gone") {
  const Places places;
  int pair[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  const int memory = memfd_create("result", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  REQUIRE(ftruncate(memory, 4096) == 0);
  const int stray = open(places.closed_file().c_str(), O_RDONLY | O_CLOEXEC);
  const int high_stray = fcntl(stray, F_DUPFD_CLOEXEC, 900);
  REQUIRE(high_stray >= 900);

  // Linux before 5.9 has no close_range: a filter of the test's own pretends so.
  const bool old_kernel = GENERATE(false, true);
  SandboxPolicy policy = places.policy();
  policy.keep_fds = {memory, pair[1]};  // in any order
  const End end = run_in_fork([&] {
    if (old_kernel) {
      sock_filter program[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                               BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
      const sock_fprog filter{4, program};
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) return 10;
    }
    enter_sandbox(policy);
    if (fcntl(stray, F_GETFD) != -1 || fcntl(high_stray, F_GETFD) != -1 || fcntl(pair[0], F_GETFD) != -1) return 1;
    if (fcntl(0, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1) return 2;
    if (send(pair[1], "done", 4, 0) != 4) return 3;
    if (pwrite(memory, "tensor", 6, 0) != 6) return 4;
    return 0;
  });
  CHECK(end.code == 0);
  char text[8] = {};
  CHECK(recv(pair[0], text, sizeof text, MSG_DONTWAIT) == 4);
  CHECK(pread(memory, text, 6, 0) == 6);
  CHECK(std::string(text) == "tensor");
  for (const int fd : {pair[0], pair[1], memory, stray, high_stray}) close(fd);
}

TEST_CASE("sandbox: a file that no path of the policy covers cannot be read, wherever there is Landlock") {
  const Places places;
  const auto open_closed = [&] { return text_is_read(places.closed_file()); };
  for (const int abi : {99, 2, 1}) {
    INFO("Landlock ABI at most " << abi);
    CHECK(run_in_sandbox(places.policy(abi), open_closed).code == EACCES);
    CHECK(run_in_sandbox(places.policy(abi), [&] { return directory_is_listed(places.closed_dir()); }).code == EACCES);
    // neither through a name that leads there from an open place
    CHECK(run_in_sandbox(places.policy(abi), [&] {
            return text_is_read(places.open_dir() / ".." / "closed" / "file");
          }).code == EACCES);
    CHECK(run_in_sandbox(places.policy(abi), [&] {
            return text_is_read("/proc/self/root" + places.closed_file());
          }).code == EACCES);
    CHECK(run_in_sandbox(places.policy(abi), [] { return text_is_read("/proc/1/cmdline"); }).code == EACCES);
  }
  // A policy may name a single file, and paths that do not exist.
  SandboxPolicy policy = places.policy();
  policy.readable.insert(policy.readable.end(), {places.closed_file(), "/no/such/path"});
  CHECK(run_in_sandbox(policy, open_closed).code == 0);
  CHECK(run_in_sandbox(policy, [&] { return directory_is_listed(places.closed_dir()); }).code == EACCES);
  // Without Landlock nothing stops a read: the level says that there is none.
  CHECK(run_in_sandbox(places.policy(0), open_closed).code == 0);
}

TEST_CASE("sandbox: the devices of a policy can be written, and nothing else") {
  const Places places;
  SandboxPolicy policy = places.policy();
  policy.devices = {"/dev/null"};
  const auto opening = [](const std::string& path, int flags) {
    return [=] { return errno_of(open(path.c_str(), flags, 0600)); };
  };
  CHECK(run_in_sandbox(policy, opening("/dev/null", O_RDWR)).code == 0);
  CHECK(run_in_sandbox(policy, opening("/dev/zero", O_RDWR)).code == EACCES);
  CHECK(run_in_sandbox(policy, opening(places.open_file(), O_RDWR)).code == EACCES);
  CHECK(run_in_sandbox(policy, opening(places.open_file() + ".new", O_RDWR | O_CREAT)).code == EPERM);
  CHECK(run_in_sandbox(policy, opening(places.open_file(), O_RDONLY | O_TRUNC)).code == EPERM);
  CHECK(run_in_sandbox(policy, [] { return errno_of(socket(AF_INET, SOCK_DGRAM, 0)); }).code == EPERM);
}

TEST_CASE("landlock: each ABI takes away what it can, with no help from seccomp") {
  const Places places;
  const LandlockPaths paths{{places.open_dir()}, {}};
  const int newest = std::min(landlock_abi(), 7);
  REQUIRE(newest >= 1);
  const int parent = getpid();
  for (int abi = 1; abi <= newest; ++abi) {
    INFO("Landlock ABI " << abi);
    CHECK(run_behind_landlock(paths, abi, [&] { return text_is_read(places.open_file()); }).code == 0);
    CHECK(run_behind_landlock(paths, abi, [&] { return text_is_read(places.closed_file()); }).code == EACCES);
    CHECK(run_behind_landlock(paths, abi, [&] { return errno_of(open(places.open_file().c_str(), O_WRONLY)); }).code ==
          EACCES);
    CHECK(run_behind_landlock(paths, abi, [&] {
            return errno_of(mkdir((places.open_file() + ".dir").c_str(), 0700));
          }).code == EACCES);
    CHECK(run_behind_landlock(paths, abi, [&] { return errno_of(truncate(places.open_file().c_str(), 4)); }).code ==
          (abi >= 3 ? EACCES : 0));
    CHECK(run_behind_landlock(paths, abi, bind_tcp).code == (abi >= 4 ? EACCES : 0));
    CHECK(run_behind_landlock(paths, abi, [&] { return errno_of(kill(parent, 0)); }).code == (abi >= 6 ? EPERM : 0));
  }
}

TEST_CASE("sandbox: limits end what overruns them") {
  const Places places;
  SECTION("memory is counted from what is mapped already") {
    SandboxPolicy policy = places.policy();
    policy.memory_bytes = 64u << 20;
    const auto mapping = [](std::size_t bytes) {
      return [=] {
        return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno
                                                                                                              : 0;
      };
    };
    CHECK(run_in_sandbox(policy, mapping(32u << 20)).code == 0);
    CHECK(run_in_sandbox(policy, mapping(65u << 20)).code == ENOMEM);
  }
  SECTION("processor time, even when the warning is ignored") {
    SandboxPolicy policy = places.policy();
    policy.cpu_seconds = 0.5;
    const auto begin = std::chrono::steady_clock::now();
    const Act spin = [] {
      volatile bool forever = true;
      while (forever) {
      }
      return 0;
    };
    CHECK(run_in_sandbox(policy, spin).signal == SIGXCPU);
    CHECK(run_in_sandbox(policy, [&] {
            std::signal(SIGXCPU, SIG_IGN);
            return spin();
          }).signal == SIGKILL);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
  }
  SECTION("file size, also of a memory file") {
    SandboxPolicy policy = places.policy();
    const int memory = memfd_create("result", MFD_CLOEXEC);
    policy.keep_fds = {memory};
    policy.file_bytes = 100;
    CHECK(run_in_sandbox(policy, [&] {
            std::signal(SIGXFSZ, SIG_IGN);
            return pwrite(memory, "x", 1, 99) == 1 ? errno_of(pwrite(memory, "x", 1, 100)) : 1;
          }).code == EFBIG);
    close(memory);
  }
  SECTION("no core dump, few descriptors, and limits cannot be raised again") {
    CHECK(run_in_sandbox(places.policy(), [] {
            rlimit core{}, files{};
            getrlimit(RLIMIT_CORE, &core);
            getrlimit(RLIMIT_NOFILE, &files);
            if (core.rlim_max != 0 || files.rlim_max > 1024 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) return 1;
            const rlimit more{files.rlim_max + 1, files.rlim_max + 1};
            return errno_of(setrlimit(RLIMIT_NOFILE, &more));
          }).code == EPERM);
  }
}

TEST_CASE("sandbox: root's powers are gone, but for reading") {
  const Places places;
  CHECK(run_in_sandbox(places.policy(), [] {
          __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
          __user_cap_data_struct data[2] = {};
          if (syscall(SYS_capget, &header, data) != 0) return 1;
          const std::uint32_t more = ~(1u << CAP_DAC_READ_SEARCH);
          return (data[0].effective & more) == 0 && (data[0].permitted & more) == 0 && data[1].permitted == 0 ? 0 : 2;
        }).code == 0);
}

TEST_CASE("sandbox: a fork does not outlive its parent") {
  const Places places;
  SECTION("that dies later") {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    run_in_fork([&] {
      int ready[2];
      if (pipe(ready) != 0) return 1;
      if (fork() == 0) {
        SandboxPolicy policy = places.policy();
        policy.keep_fds = {ends[1], ready[1]};
        enter_sandbox(policy);
        if (write(ready[1], "r", 1) != 1) _exit(1);
        pause();
      }
      char byte;
      return read(ready[0], &byte, 1) == 1 ? 0 : 1;
    });
    close(ends[1]);
    pollfd wanted{ends[0], POLLIN, 0};  // hung up when the last writer is gone
    CHECK(poll(&wanted, 1, 20000) == 1);
    close(ends[0]);
  }
  SECTION("that is dead already") {
    SandboxPolicy policy = places.policy();
    policy.parent_pid = getpid() + 1;
    CHECK(run_in_sandbox(policy, [] { return 0; }).code == 128 + SIGKILL);
    policy.parent_pid = getpid();
    CHECK(run_in_sandbox(policy, [] { return 0; }).code == 0);
  }
}

TEST_CASE("sandbox: the level says what was reached, and `required` refuses less") {
  const Places places;
  const auto level_is = [](SandboxPolicy policy, const std::string& text, bool error) {
    return run_in_fork([=] {
             const SandboxResult result = enter_sandbox(policy);
             return result.level.text() == text && result.error.empty() != error ? 0 : 1;
           }).code == 0;
  };
  SandboxPolicy policy = places.policy();
  const std::string abi = std::to_string(std::min(landlock_abi(), 99));
  const std::string none =
      "seccomp + rlimits (this kernel offers no Landlock (it needs Linux 5.13 with \"landlock\" in the "
      "list of security modules))";
  CHECK(level_is(policy, "landlock " + abi + " + seccomp + rlimits", false));
  policy.mode = SandboxMode::required;
  CHECK(level_is(policy, "landlock " + abi + " + seccomp + rlimits", false));
  policy.max_landlock_abi = 2;
  CHECK(level_is(policy, "landlock 2 + seccomp + rlimits", false));
  policy.max_landlock_abi = 0;
  CHECK(level_is(policy, none, true));
  policy.mode = SandboxMode::automatic;
  CHECK(level_is(policy, none, false));
  policy.mode = SandboxMode::off;
  CHECK(level_is(policy, "rlimits only", false));
  CHECK(SandboxLevel{}.text() == "off");
}

TEST_CASE("sandbox: a fork with a second task is not called sandboxed") {
  const Places places;
  SandboxPolicy policy = places.policy();
  policy.mode = SandboxMode::required;
  CHECK(run_in_fork([&] {
          std::thread other([] { pause(); });
          const SandboxResult result = enter_sandbox(policy);
          const bool refused = result.error.find("more than one task") != std::string::npos;
          return refused && result.level.landlock_abi == 0 && !result.level.seccomp ? (_exit(0), 0) : (_exit(1), 1);
        }).code == 0);
}
