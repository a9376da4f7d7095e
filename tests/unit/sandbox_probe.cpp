// The sandbox for a Python test: a process that has torch enters it through ctypes, as the worker's forks do natively.

#include "host/sandbox.h"

#include <algorithm>
#include <cstdio>
#include <string>

// `paths`: directories that may be read, one a line. Writes the level into `level` (`size` bytes); 0 when it is
// complete.
extern "C" __attribute__((visibility("default"))) int enter_required_sandbox(const char* paths, char* level, int size) {
  decomp::SandboxPolicy policy;
  policy.mode = decomp::SandboxMode::required;
  const std::string text = paths;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    policy.readable.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  const decomp::SandboxResult result = decomp::enter_sandbox(policy);
  std::snprintf(level, static_cast<std::size_t>(size), "%s", result.level.text().c_str());
  return result.error.empty() ? 0 : 1;
}
