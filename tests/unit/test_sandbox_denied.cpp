// One row per denied act. Each runs twice: without the sandbox, where it must not end with the expected error (else the
// row would prove nothing), and inside, where it must.

#include "sandbox_fork.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdint>
#include <vector>

using namespace decomp;
using namespace decomp::sandbox_test;

namespace {

struct DeniedAct {
  const char* name;
  Act run;
  int expected = EPERM;
  // The system may refuse it without our help: a right that only root has, a kernel option, a sysctl. No control then.
  bool needs_rights = false;
};

template <class... Arguments>
Act calling(long number, Arguments... arguments) {
  return [=] { return errno_of(syscall(number, arguments...)); };
}

// A pointer that no process maps: a call that is let through answers EFAULT instead of acting.
void* const kBadPointer = reinterpret_cast<void*>(8);

std::vector<DeniedAct> process_acts(const Places& places) {
  static const char* const argv[] = {"true", nullptr};
  static const char* const no_environment[] = {nullptr};
  const int parent = getpid();  // of the fork that acts
  return {
      {"execve",
       [] { return errno_of(execve("/bin/true", const_cast<char**>(argv), const_cast<char**>(no_environment))); }},
      {"execveat", calling(SYS_execveat, AT_FDCWD, "/bin/true", argv, no_environment, 0)},
      {"fork",
       [] {
         const pid_t child = fork();
         if (child == 0) _exit(0);
         return errno_of(child);
       }},
      {"clone of a process",
       [] {
         const long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
         if (child == 0) _exit(0);
         return errno_of(child);
       }},
      {"clone3", calling(SYS_clone3, nullptr, 0), ENOSYS},
      {"ptrace", [] { return errno_of(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }},
      {"process_vm_readv", calling(SYS_process_vm_readv, parent, nullptr, 0, nullptr, 0, 0), EPERM, true},
      {"process_vm_writev", calling(SYS_process_vm_writev, parent, nullptr, 0, nullptr, 0, 0), EPERM, true},
      {"kcmp", calling(SYS_kcmp, parent, parent, 0, 0, 0), EPERM, true},
      {"kill of the parent", [parent] { return errno_of(kill(parent, 0)); }},
      {"kill of the group", [] { return errno_of(kill(0, 0)); }},
      {"kill of everybody", [] { return errno_of(kill(-1, 0)); }},
      {"tgkill of the parent", calling(SYS_tgkill, parent, parent, 0)},
      {"tkill", [] { return errno_of(syscall(SYS_tkill, gettid(), 0)); }},
      {"rt_sigqueueinfo to the parent",
       [parent] {
         siginfo_t info{};
         info.si_code = SI_QUEUE;
         return errno_of(syscall(SYS_rt_sigqueueinfo, parent, 0, &info));
       }},
      {"pidfd_open", calling(SYS_pidfd_open, parent, 0)},
      {"pidfd_send_signal", calling(SYS_pidfd_send_signal, -1, 0, nullptr, 0)},
      {"pidfd_getfd", calling(SYS_pidfd_getfd, -1, 0, 0)},
      {"signals to the owner of a descriptor", [parent] { return errno_of(fcntl(1, F_SETOWN, parent)); }},
      {"the parent's limits", [parent] { return errno_of(prlimit(parent, RLIMIT_CPU, nullptr, nullptr)); }},
      {"the parent's processors",
       [parent] {
         cpu_set_t set;
         if (sched_getaffinity(parent, sizeof set, &set) != 0) return errno;
         return errno_of(sched_setaffinity(parent, sizeof set, &set));
       }},
      {"setpriority", [] { return errno_of(setpriority(PRIO_PROCESS, 0, 0)); }},
      {"sched_setscheduler",
       [] {
         const sched_param none{};
         return errno_of(sched_setscheduler(0, SCHED_OTHER, &none));
       }},
      {"setsid", [] { return errno_of(setsid()); }},
      {"becoming dumpable", [] { return errno_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }},
      {"becoming dumpable, high bits set", calling(SYS_prctl, (1ll << 32) | PR_SET_DUMPABLE, 1, 0, 0, 0)},
      {"outliving the parent", [] { return errno_of(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)); }},
      {"adopting orphans", [] { return errno_of(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }},
      {"socket, internet", [] { return errno_of(socket(AF_INET, SOCK_DGRAM, 0)); }},
      {"socket, unix", [] { return errno_of(socket(AF_UNIX, SOCK_STREAM, 0)); }},
      {"socketpair",
       [] {
         int pair[2];
         return errno_of(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
       }},
      {"connect", calling(SYS_connect, -1, nullptr, 0)},
      {"bind", calling(SYS_bind, -1, nullptr, 0)},
      {"listen", calling(SYS_listen, -1, 0)},
      {"accept4", calling(SYS_accept4, -1, nullptr, nullptr, 0)},
      {"memfd_create", [] { return errno_of(memfd_create("x", 0)); }},
      {"openat2", calling(SYS_openat2, -1, nullptr, nullptr, 0), ENOSYS},
      {"chroot", [dir = places.open_dir()] { return errno_of(chroot(dir.c_str())); }, EPERM, true},
  };
}

std::vector<DeniedAct> file_acts(const Places& places) {
  const std::string file = places.open_file(), fresh = file + ".new", dir = places.open_dir();
  const auto opening = [](const std::string& path, int flags) {
    return Act([=] { return errno_of(open(path.c_str(), flags, 0600)); });
  };
  const auto on_descriptor = [file](std::function<long(int)> act) {
    return Act([=] {
      const int fd = open(file.c_str(), O_RDONLY);
      return fd < 0 ? EBADF : errno_of(act(fd));
    });
  };
  const auto with = [](const std::string& path, std::function<long(const char*)> act) {
    return Act([=] { return errno_of(act(path.c_str())); });
  };
  return {
      {"open to write", opening(file, O_WRONLY)},
      {"open to read and write", opening(file, O_RDWR)},
      {"open for ioctl only", opening(file, O_ACCMODE)},
      {"open to create", opening(fresh, O_RDONLY | O_CREAT)},
      {"open to truncate", opening(file, O_RDONLY | O_TRUNC)},
      {"open a file without a name", opening(dir, O_TMPFILE | O_RDWR)},
#ifdef SYS_open
      {"open, the old call", [=] { return errno_of(syscall(SYS_open, file.c_str(), O_WRONLY)); }},
      {"creat", [=] { return errno_of(syscall(SYS_creat, fresh.c_str(), 0600)); }},
#endif
      {"truncate", with(file, [](const char* p) { return truncate(p, 1); })},
      {"ftruncate", on_descriptor([](int fd) { return ftruncate(fd, 1); })},
      {"fallocate", on_descriptor([](int fd) { return fallocate(fd, 0, 0, 1); })},
      {"chmod", with(file, [](const char* p) { return chmod(p, 0644); })},
      {"fchmod", on_descriptor([](int fd) { return fchmod(fd, 0644); })},
      {"fchmodat2", with(file, [](const char* p) { return syscall(452, AT_FDCWD, p, 0644, 0); }), ENOSYS},
      {"chown", with(file, [](const char* p) { return chown(p, uid_t(-1), gid_t(-1)); })},
      {"fchown", on_descriptor([](int fd) { return fchown(fd, uid_t(-1), gid_t(-1)); })},
      {"utimensat", with(file, [](const char* p) { return utimensat(AT_FDCWD, p, nullptr, 0); })},
      {"futimens", on_descriptor([](int fd) { return futimens(fd, nullptr); })},
      {"setxattr", with(file, [](const char* p) { return syscall(SYS_setxattr, p, "user.x", "1", 1, 0); })},
      {"removexattr", with(file, [](const char* p) { return syscall(SYS_removexattr, p, "user.x"); })},
      {"rename", with(file, [&](const char* p) { return rename(p, p); })},
      {"link", with(file, [fresh](const char* p) { return link(p, fresh.c_str()); })},
      {"symlink", with(fresh, [](const char* p) { return symlink("nowhere", p); })},
      {"unlink", with(fresh, [](const char* p) { return unlink(p); })},
      {"mkdir", with(fresh, [](const char* p) { return mkdir(p, 0700); })},
      {"rmdir", with(fresh, [](const char* p) { return rmdir(p); })},
      {"mkfifo", with(fresh, [](const char* p) { return mkfifo(p, 0600); })},
      {"file flags", on_descriptor([](int fd) { return ioctl(fd, FS_IOC_SETFLAGS, kBadPointer); }), EPERM, true},
      {"file flags, high bits set",
       on_descriptor([](int fd) { return syscall(SYS_ioctl, fd, (1ll << 32) | FS_IOC_SETFLAGS, kBadPointer); }), EPERM,
       true},
      {"typing into a terminal", on_descriptor([](int fd) { return ioctl(fd, TIOCSTI, kBadPointer); })},
      {"file lease", on_descriptor([](int fd) { return fcntl(fd, F_SETLEASE, F_UNLCK); })},
      {"name_to_handle_at", calling(SYS_name_to_handle_at, -1, kBadPointer, kBadPointer, kBadPointer, 0)},
      {"open_by_handle_at", calling(SYS_open_by_handle_at, -1, kBadPointer, 0), EPERM, true},
      {"vmsplice", calling(SYS_vmsplice, -1, nullptr, 0, 0)},
      {"sync", [] { return errno_of(syscall(SYS_syncfs, -1)); }},
  };
}

std::vector<DeniedAct> machine_acts() {
  return {
      {"mount", calling(SYS_mount, kBadPointer, kBadPointer, kBadPointer, 0, nullptr), EPERM, true},
      {"umount", calling(SYS_umount2, kBadPointer, 0), EPERM, true},
      {"pivot_root", calling(SYS_pivot_root, kBadPointer, kBadPointer), EPERM, true},
      {"open_tree", calling(SYS_open_tree, -1, kBadPointer, 0), EPERM, true},
      {"move_mount", calling(SYS_move_mount, -1, kBadPointer, -1, kBadPointer, 0), EPERM, true},
      {"fsopen", calling(SYS_fsopen, kBadPointer, 0), EPERM, true},
      {"mount_setattr", calling(SYS_mount_setattr, -1, kBadPointer, 0, nullptr, 0), EPERM, true},
      {"unshare", calling(SYS_unshare, 0)},
      {"setns", calling(SYS_setns, -1, 0)},
      {"io_uring", calling(SYS_io_uring_setup, 0, nullptr), EPERM, true},
      {"bpf", calling(SYS_bpf, 0, kBadPointer, 8), EPERM, true},
      {"seccomp", calling(SYS_seccomp, 0xffff, 0, nullptr)},
      {"keyctl", calling(SYS_keyctl, 0xffff, 0, 0, 0, 0)},
      {"add_key", calling(SYS_add_key, kBadPointer, kBadPointer, nullptr, 0, 0)},
      {"request_key", calling(SYS_request_key, kBadPointer, kBadPointer, nullptr, 0)},
      {"perf_event_open", calling(SYS_perf_event_open, kBadPointer, 0, 0, -1, 0)},
      {"userfaultfd", calling(SYS_userfaultfd, 0xffff), EPERM, true},
      {"personality", calling(SYS_personality, 0xffffffffu)},
      {"shmget", calling(SYS_shmget, 0, 0, 0)},
      {"msgget", calling(SYS_msgget, 0x5ec0de, 0)},
      {"semget", calling(SYS_semget, 0x5ec0de, 0, 0)},
      {"mq_open", calling(SYS_mq_open, kBadPointer, 0, 0, nullptr)},
      {"setuid", calling(SYS_setuid, getuid())},
      {"setgid", calling(SYS_setgid, getgid())},
      {"setresuid", calling(SYS_setresuid, -1, -1, -1)},
      {"setresgid", calling(SYS_setresgid, -1, -1, -1)},
      {"setgroups", calling(SYS_setgroups, 1, kBadPointer), EPERM, true},
      {"capset", calling(SYS_capset, kBadPointer, nullptr)},
      {"init_module", calling(SYS_init_module, kBadPointer, 1, kBadPointer), EPERM, true},
      {"finit_module", calling(SYS_finit_module, -1, kBadPointer, 0), EPERM, true},
      {"delete_module", calling(SYS_delete_module, kBadPointer, 0), EPERM, true},
      {"kexec_load", calling(SYS_kexec_load, 0, 999, nullptr, 0), EPERM, true},
      {"reboot", calling(SYS_reboot, 0, 0, 0, nullptr), EPERM, true},
      {"swapon", calling(SYS_swapon, kBadPointer, 0), EPERM, true},
      {"swapoff", calling(SYS_swapoff, kBadPointer), EPERM, true},
      {"quotactl", calling(SYS_quotactl, 0xffff, kBadPointer, 0, nullptr), EPERM, true},
      {"acct", calling(SYS_acct, kBadPointer), EPERM, true},
      {"syslog", calling(SYS_syslog, 0xffff, nullptr, 0), EPERM, true},
      {"sethostname", calling(SYS_sethostname, kBadPointer, 1), EPERM, true},
      {"settimeofday", calling(SYS_settimeofday, kBadPointer, nullptr)},
      {"clock_settime", calling(SYS_clock_settime, 0, kBadPointer)},
      {"adjtimex", calling(SYS_adjtimex, kBadPointer)},
      {"fanotify_init", calling(SYS_fanotify_init, 0xffffffffu, 0), EPERM, true},
#ifdef SYS_iopl
      {"iopl", calling(SYS_iopl, 0)},
      {"modify_ldt", calling(SYS_modify_ldt, 0xffff, nullptr, 0)},
#endif
      // Linux 6.17: an attribute setter that the list was written before
      {"a call that is newer than the list", calling(469, -1, kBadPointer, kBadPointer, 0, 0), ENOSYS, true},
  };
}

void check_denied(const Places& places, const std::vector<DeniedAct>& acts, int max_landlock_abi) {
  const SandboxPolicy policy = places.policy(max_landlock_abi);
  SandboxPolicy outside = policy;
  outside.mode = SandboxMode::off;
  for (const DeniedAct& act : acts) {
    INFO(act.name << ", Landlock ABI at most " << max_landlock_abi);
    if (!act.needs_rights) CHECK(run_in_sandbox(outside, act.run).code != act.expected);
    std::error_code ignored;
    std::filesystem::remove(places.open_file() + ".new", ignored);
    const End end = run_in_sandbox(policy, act.run);
    CHECK(end.signal == 0);
    CHECK(end.code == act.expected);
  }
}

}  // namespace

TEST_CASE("sandbox: no other process is made, signalled or watched, and nothing is connected to") {
  const int abi = GENERATE(99, 2, 0);
  const Places places;
  check_denied(places, process_acts(places), abi);
}

TEST_CASE("sandbox: no file is written, created, renamed or given other attributes") {
  const int abi = GENERATE(99, 2, 0);
  const Places places;
  check_denied(places, file_acts(places), abi);
}

TEST_CASE("sandbox: the machine, its kernel and its identities are out of reach") {
  const int abi = GENERATE(99, 2, 0);
  const Places places;
  check_denied(places, machine_acts(), abi);
}

#if defined(__x86_64__)
TEST_CASE("sandbox: other calling conventions of the same kernel kill the process") {
  const Places places;
  const End i386 = run_in_sandbox(places.policy(), [] {
    long number = 20;  // getpid there
    asm volatile("int $0x80" : "+a"(number) : : "memory");
    return 0;
  });
  CHECK(i386.signal == SIGSYS);
  const End x32 = run_in_sandbox(places.policy(), [] { return errno_of(syscall(0x40000000 + SYS_getpid)); });
  CHECK(x32.signal == SIGSYS);
}
#endif
