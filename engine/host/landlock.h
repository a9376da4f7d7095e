#pragma once
// Landlock: which files the calling task may open, for good. One idea: from "everything" to "these paths, to read".

#include <string>
#include <vector>

namespace decomp {

struct LandlockPaths {
  std::vector<std::string> readable;  // directories (with all below them) and files
  std::vector<std::string> devices;   // device files that may be opened for writing and controlled by ioctl
};

// Restricts the calling task, and all that it will create, to `paths`; every other right that the kernel can take away
// is taken: other files and directories, TCP (ABI 4), device control (5), abstract sockets and signals to the outside
// (6). Uses at most the rights of ABI `max_abi`. Paths that do not exist or cannot be opened are left out: they stay
// closed. Needs PR_SET_NO_NEW_PRIVS. Returns the ABI used; 0, with the reason in `error`, when nothing was restricted.
int restrict_files(const LandlockPaths& paths, int max_abi, std::string& error);

// Takes from the calling task, and all that it will create, the right to change files anywhere but below `writable` (directories
// and files), and, where the kernel can (ABI 6), to send signals to processes outside. Reading, running programs and the network
// stay. Needs PR_SET_NO_NEW_PRIVS. Returns the ABI used; 0, with the reason in `error`, when nothing was restricted.
int restrict_writes(const std::vector<std::string>& writable, std::string& error);

}  // namespace decomp
