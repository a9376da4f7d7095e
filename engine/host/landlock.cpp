#include "host/landlock.h"

#include "host/sandbox.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace decomp {
namespace {

// Kernel ABI, written out because a distribution's <linux/landlock.h> is often older than its kernel. The three system
// calls have the same number on every architecture.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr std::uint32_t kCreateRulesetVersion = 1u << 0;
constexpr int kRulePathBeneath = 1;

struct RulesetAttr {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;  // ABI 4
  std::uint64_t scoped;              // ABI 6
};
struct __attribute__((packed)) PathBeneathAttr {
  std::uint64_t allowed_access;
  std::int32_t parent_fd;
};

enum FileRight : std::uint64_t {
  execute = 1ull << 0,
  write_file = 1ull << 1,
  read_file = 1ull << 2,
  read_dir = 1ull << 3,
  // remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym: bits 4 to 12
  all_of_abi_1 = (1ull << 13) - 1,
  refer = 1ull << 13,      // ABI 2
  truncate = 1ull << 14,   // ABI 3
  ioctl_dev = 1ull << 15,  // ABI 5
};
constexpr std::uint64_t kBindTcp = 1ull << 0, kConnectTcp = 1ull << 1;                 // ABI 4
constexpr std::uint64_t kScopeAbstractSockets = 1ull << 0, kScopeSignals = 1ull << 1;  // ABI 6

RulesetAttr rights_of(int abi) {
  RulesetAttr attr{all_of_abi_1, 0, 0};
  if (abi >= 2) attr.handled_access_fs |= refer;
  if (abi >= 3) attr.handled_access_fs |= truncate;
  if (abi >= 4) attr.handled_access_net = kBindTcp | kConnectTcp;
  if (abi >= 5) attr.handled_access_fs |= ioctl_dev;
  if (abi >= 6) attr.scoped = kScopeAbstractSockets | kScopeSignals;
  return attr;  // ABI 7 added no right, only the choice of what is logged
}

// A kernel accepts the longer structure only when what it does not know is zero, and older ones refuse even that for
// their own rights; so the size is that of the ABI.
std::size_t size_of(int abi) {
  if (abi >= 6) return sizeof(RulesetAttr);
  if (abi >= 4) return offsetof(RulesetAttr, scoped);
  return offsetof(RulesetAttr, handled_access_net);
}

std::string failed(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

// False only when the kernel refuses the rule; a path that cannot be opened is no rule.
bool allow(int ruleset, const std::string& path, std::uint64_t access, std::string& error) {
  const int fd = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (fd < 0) return true;
  struct stat status {};
  const bool is_dir = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
  if (!is_dir) access &= ~std::uint64_t{read_dir};
  const PathBeneathAttr rule{access, fd};
  const bool done = syscall(kAddRule, ruleset, kRulePathBeneath, &rule, 0) == 0;
  if (!done) error = failed(("landlock_add_rule for " + path).c_str());
  close(fd);
  return done;
}

bool allow_all(int ruleset, const LandlockPaths& paths, int abi, std::string& error) {
  for (const std::string& path : paths.readable)
    if (!allow(ruleset, path, read_file | read_dir, error)) return false;
  const std::uint64_t control = abi >= 5 ? std::uint64_t{ioctl_dev} : 0;
  for (const std::string& path : paths.devices)
    if (!allow(ruleset, path, read_file | read_dir | write_file | control, error)) return false;
  return true;
}

}  // namespace

int landlock_abi() {
  const long abi = syscall(kCreateRuleset, nullptr, 0, kCreateRulesetVersion);
  return abi < 0 ? 0 : static_cast<int>(abi);
}

int restrict_files(const LandlockPaths& paths, int max_abi, std::string& error) {
  const int abi = std::min(landlock_abi(), max_abi);
  if (abi < 1) {
    error = "this kernel offers no Landlock (it needs Linux 5.13 with \"landlock\" in the list of security modules)";
    return 0;
  }
  const RulesetAttr attr = rights_of(abi);
  const int ruleset = static_cast<int>(syscall(kCreateRuleset, &attr, size_of(abi), 0));
  if (ruleset < 0) {
    error = failed("landlock_create_ruleset");
    return 0;
  }
  bool done = allow_all(ruleset, paths, abi, error);
  if (done && syscall(kRestrictSelf, ruleset, 0) != 0) {
    error = failed("landlock_restrict_self");
    done = false;
  }
  close(ruleset);
  return done ? abi : 0;
}

int restrict_writes(const std::vector<std::string>& writable, std::string& error) {
  const int abi = landlock_abi();
  if (abi < 1) {
    error = "this kernel offers no Landlock (it needs Linux 5.13 with \"landlock\" in the list of security modules)";
    return 0;
  }
  constexpr std::uint64_t reads = execute | read_file | read_dir;
  RulesetAttr attr = rights_of(abi);
  attr.handled_access_fs &= ~(reads | ioctl_dev);
  attr.handled_access_net = 0;
  attr.scoped &= kScopeSignals;
  const int ruleset = static_cast<int>(syscall(kCreateRuleset, &attr, size_of(abi), 0));
  if (ruleset < 0) {
    error = failed("landlock_create_ruleset");
    return 0;
  }
  bool done = true;
  for (const std::string& path : writable) {
    struct stat status {};
    // Of a file only what concerns files: the kernel refuses the rights of directories.
    const bool is_dir = stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    const std::uint64_t access = is_dir ? attr.handled_access_fs : attr.handled_access_fs & (write_file | truncate);
    done = done && allow(ruleset, path, access, error);
  }
  if (done && syscall(kRestrictSelf, ruleset, 0) != 0) {
    error = failed("landlock_restrict_self");
    done = false;
  }
  close(ruleset);
  return done ? abi : 0;
}

}  // namespace decomp
