#pragma once
// seccomp: which system calls the calling process may make, for good.
//
// A deny list of what a tensor computation never needs, answered EPERM. Three calls whose work depends on one argument
// (ioctl, fcntl, prctl) are lists of what is allowed, and calls newer than the list are answered ENOSYS, so that a
// newer kernel opens nothing. Another architecture's calling convention kills the process.

#include <string>

namespace decomp {

// `devices`: device files may be opened for writing and controlled (an accelerator). Landlock must then say which ones,
// because a system call filter does not see paths.
// Needs PR_SET_NO_NEW_PRIVS. True when the filter is in force; else the reason is in `error`.
bool install_syscall_filter(bool devices, std::string& error);

}  // namespace decomp
