#pragma once
// Carries out what `check --fix` planned: files are written aside and renamed, and what was there can be put back.

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/kernel_fixes.h"

namespace decomp {

class AppliedFixes {
 public:
  // Throws Error(usage) where something would be lost; then nothing was written. Says what it did on `err`.
  static AppliedFixes apply(const std::vector<KernelFixes>& fixes, std::ostream& err);
  // Puts every file back.
  void undo();

 private:
  std::map<std::filesystem::path, std::optional<std::string>> before_;  // bytes; nothing: there was no such file
};

}  // namespace decomp
