#include "host/syscall_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace decomp {
namespace {

// clang-format off
// Denied whatever the arguments are. Names that an architecture lacks are no rule there.
constexpr const char* kDenied[] = {
    // other programs and processes
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "process_mrelease", "kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill", "setpgid", "setsid",
    "setpriority", "ioprio_set", "sched_setscheduler", "sched_setparam", "sched_setattr", "migrate_pages", "move_pages",
    // sockets: those that the process was given go on working
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4",
    // files: contents, names, attributes
    "creat", "truncate", "ftruncate", "fallocate", "rename", "renameat", "renameat2", "link", "linkat", "symlink",
    "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "chmod", "fchmod", "fchmodat",
    "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr",
    "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "memfd_create", "memfd_secret", "name_to_handle_at",
    "open_by_handle_at", "sync", "syncfs", "vmsplice",
    // mounts and namespaces
    "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
    "mount_setattr", "unshare", "setns",
    // rings, programs in the kernel, keys, and other ways past this list
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "seccomp", "keyctl", "add_key", "request_key",
    "perf_event_open", "userfaultfd", "personality", "modify_ldt", "uselib", "lookup_dcookie", "fanotify_init",
    "fanotify_mark",
    // shared memory and queues with a name
    "shmget", "shmat", "shmctl", "shmdt", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop", "semtimedop",
    "semctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr",
    // identity
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset",
    // the machine
    "init_module", "finit_module", "delete_module", "create_module", "kexec_load", "kexec_file_load", "reboot", "swapon",
    "swapoff", "quotactl", "quotactl_fd", "acct", "syslog", "sethostname", "setdomainname", "settimeofday",
    "clock_settime", "adjtimex", "clock_adjtime", "iopl", "ioperm", "vhangup", "nfsservctl",
};
// clang-format on

// Their flags lie in memory, where a filter cannot look. ENOSYS makes the C library fall back to clone and openat.
constexpr const char* kAbsent[] = {"clone3", "openat2"};

// Calls above this one are unknown to the list.
constexpr std::uint32_t kNewestKnown = 450;  // set_mempolicy_home_node, Linux 5.17
constexpr std::uint32_t kNewerAllowed[] = {453 /* map_shadow_stack */, 454 /* futex_wake */, 455 /* futex_wait */,
                                           456 /* futex_requeue */, 462 /* mseal */};

// Only these values of one argument are let through. The kernel reads the low 32 bits, and so does the filter.
struct AllowedArguments {
  std::uint32_t call;
  unsigned argument;
  std::vector<std::uint32_t> values;
};
const std::vector<AllowedArguments>& allowed_arguments() {
  static const std::vector<AllowedArguments> table = {
      {SYS_fcntl,
       1,
       {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, 1032 /* F_GETPIPE_SZ */,
        1034 /* F_GET_SEALS */}},
      {SYS_prctl,
       0,
       {PR_SET_NAME, PR_GET_NAME, 0x53564d41 /* PR_SET_VMA */, PR_GET_DUMPABLE, PR_GET_PDEATHSIG, PR_SET_THP_DISABLE,
        PR_GET_THP_DISABLE, PR_GET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ,
        PR_GET_TIMERSLACK, PR_SET_TIMERSLACK, PR_SVE_GET_VL}},
      {SYS_ioctl, 1, {TCGETS, 0x802c542a /* TCGETS2 */, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX}},
  };
  return table;
}

// Refused with `devices`, where a driver's own ioctl numbers cannot be listed: typing into a terminal, signals to the
// owner of a descriptor, and attributes of a file that is open for reading only.
constexpr std::uint32_t kDeniedIoctls[] = {0x5412 /* TIOCSTI */,
                                           0x541c /* TIOCLINUX */,
                                           0x5410 /* TIOCSPGRP */,
                                           0x8901 /* FIOSETOWN */,
                                           0x8902 /* SIOCSPGRP */,
                                           0x40086602 /* FS_IOC_SETFLAGS */,
                                           0x40047602 /* SETVERSION */,
                                           0x401c5820 /* FS_IOC_FSSETXATTR */,
                                           0x40806685 /* FS_IOC_ENABLE_VERITY */};

#if defined(__x86_64__)
constexpr std::uint32_t kNativeArch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kNativeArch = AUDIT_ARCH_AARCH64;
#else
#error "syscall_filter.cpp: add this architecture's AUDIT_ARCH_ value, and check the argument order of clone"
#endif
static_assert(std::endian::native == std::endian::little, "the low half of an argument comes first");

using Program = std::vector<sock_filter>;

void statement(Program& program, std::uint16_t code, std::uint32_t value) { program.push_back(BPF_STMT(code, value)); }
void load(Program& program, std::size_t offset) {
  statement(program, BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
void give(Program& program, std::uint32_t answer) { statement(program, BPF_RET | BPF_K, answer); }
// When the loaded word does not compare so, the next `skip` statements are passed over.
void unless_skip(Program& program, std::uint16_t comparison, std::uint32_t value, std::size_t skip) {
  program.push_back(BPF_JUMP(std::uint16_t(BPF_JMP | BPF_K | comparison), value, 0, static_cast<std::uint8_t>(skip)));
}
void allow_if_one_of(Program& program, const std::uint32_t* first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    unless_skip(program, BPF_JEQ, first[i], 1);
    give(program, SECCOMP_RET_ALLOW);
  }
}

constexpr std::uint32_t errno_answer(int code) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code); }

// What libseccomp's rules cannot say: "all calls from this number on", and "all values but these".
Program argument_filter(bool devices) {
  Program program;
  load(program, offsetof(seccomp_data, arch));
  unless_skip(program, BPF_JEQ, kNativeArch, 1);
  statement(program, BPF_JMP | BPF_JA, 1);
  give(program, SECCOMP_RET_KILL_PROCESS);
  load(program, offsetof(seccomp_data, nr));

  unless_skip(program, BPF_JGT, kNewestKnown, 2 * std::size(kNewerAllowed) + 1);
  allow_if_one_of(program, kNewerAllowed, std::size(kNewerAllowed));
  give(program, errno_answer(ENOSYS));

  for (const AllowedArguments& entry : allowed_arguments()) {
    if (devices && entry.call == SYS_ioctl) continue;
    unless_skip(program, BPF_JEQ, entry.call, 2 * entry.values.size() + 2);
    load(program, offsetof(seccomp_data, args) + sizeof(std::uint64_t) * entry.argument);
    allow_if_one_of(program, entry.values.data(), entry.values.size());
    give(program, errno_answer(EPERM));
  }
  give(program, SECCOMP_RET_ALLOW);
  return program;
}

bool install(const Program& program) {
  const sock_fprog filter{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  // SPEC_ALLOW: older kernels slow every memory access of a filtered process down otherwise; no secret lives in a fork.
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter) == 0;
}

// Collects libseccomp's rules; the first refusal is kept, and everything after it is passed over.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx context) : context_(context) {}
  template <class... Comparisons>
  void answer(int code, const char* name, Comparisons... comparisons) {
    if (error_) return;
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return fail(name, EINVAL);
    if (number < 0) return;  // not a call of this architecture
    const int result = seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<unsigned>(code)), number,
                                        sizeof...(comparisons), comparisons...);
    if (result != 0) fail(name, -result);
  }
  int error() const { return error_; }
  const char* where() const { return where_; }

 private:
  void fail(const char* name, int error) { error_ = error, where_ = name; }
  scmp_filter_ctx context_;
  int error_ = 0;
  const char* where_ = "";
};

scmp_arg_cmp bits_are(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}
scmp_arg_cmp is_not(unsigned argument, std::uint64_t value) { return {argument, SCMP_CMP_NE, value, 0}; }

void deny_writing_opens(Rules& rules, bool devices) {
  constexpr std::uint64_t kTmpfileBit = O_TMPFILE & ~O_DIRECTORY;
  const auto deny = [&](const char* call, unsigned flags) {
    for (const std::uint64_t bit : {std::uint64_t{O_CREAT}, std::uint64_t{O_TRUNC}, kTmpfileBit})
      rules.answer(EPERM, call, bits_are(flags, bit, bit));
    if (devices) return;  // Landlock says which ones
    for (const std::uint64_t mode : {std::uint64_t{O_WRONLY}, std::uint64_t{O_RDWR}, std::uint64_t{O_ACCMODE}})
      rules.answer(EPERM, call, bits_are(flags, O_ACCMODE, mode));
  };
  deny("open", 1);
  deny("openat", 2);
}

// Threads of this process only, and none in a namespace of its own.
void deny_clones(Rules& rules) {
  rules.answer(EPERM, "clone", bits_are(0, CLONE_THREAD, 0));
  for (const std::uint64_t flag : {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
                                   CLONE_NEWPID, CLONE_NEWNET, CLONE_PTRACE, CLONE_PARENT})
    rules.answer(EPERM, "clone", bits_are(0, flag, flag));
}

// abort() and raise() signal this process by its own number.
void deny_reaching_others(Rules& rules) {
  const auto self = static_cast<std::uint64_t>(getpid());
  for (const char* call : {"kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"})
    rules.answer(EPERM, call, is_not(0, self));
  // Another task's limits and processors; 0 is the caller.
  for (const char* call : {"prlimit64", "sched_setaffinity"}) rules.answer(EPERM, call, is_not(0, 0));
}

void add_rules(Rules& rules, bool devices) {
  for (const char* name : kDenied) rules.answer(EPERM, name);
  for (const char* name : kAbsent) rules.answer(ENOSYS, name);
  deny_writing_opens(rules, devices);
  deny_clones(rules);
  deny_reaching_others(rules);
  if (devices)
    for (const std::uint32_t request : kDeniedIoctls) rules.answer(EPERM, "ioctl", bits_are(1, 0xffffffffu, request));
}

}  // namespace

bool install_syscall_filter(bool devices, std::string& error) {
  if (!install(argument_filter(devices))) {
    error = std::string("seccomp: ") + std::strerror(errno);
    return false;
  }
  const std::unique_ptr<void, void (*)(scmp_filter_ctx)> context(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (!context) {
    error = "seccomp: libseccomp cannot start a filter";
    return false;
  }
  seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_SSB, 1);       // see SPEC_ALLOW above
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree, not a chain: every call of the fork walks it
  Rules rules(context.get());
  add_rules(rules, devices);
  if (rules.error() != 0) {
    error = std::string("seccomp: no rule for ") + rules.where() + ": " + std::strerror(rules.error());
    return false;
  }
  if (const int result = seccomp_load(context.get()); result != 0) {
    error = std::string("seccomp: ") + std::strerror(-result);
    return false;
  }
  return true;
}

}  // namespace decomp
