#pragma once
// Coverage of a whole decomposition from its recorded steps: an operation of the original is covered if a kernel makes it, in the
// step that takes the original apart or, where a child that is no kernel makes it, in that child's own step, and so on. Every step
// compares two runs on the same values, so that data that take another way in one of them change nothing.

#include <cstddef>
#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"
#include "decomp/coverage_report.h"

namespace decomp {

struct RecordedChild {
  std::string module;    // import name, as in ModuleInstance::child
  std::string identity;  // of its code: equal for copies
  std::string path;      // as shown to people
  bool kernel = false;   // what it makes counts
};

struct RecordedStep {
  std::string shown;
  std::string identity;  // of the original's code
  std::vector<RecordedChild> children;
  Tape original, refactored;
  std::vector<ModuleInstance> modules, refactored_modules;
  std::vector<std::string> files, refactored_files;  // as TapeEntry::file counts them
};

// `top`: the step that takes the model apart. Fills totals, operations, missing, extra, children, equivalences and status.
CoverageReport cover_chain(const std::vector<RecordedStep>& steps, std::size_t top);

// The gaps of some entries of a tape, equal ones counted. `in_modules`: components are named by module path.
std::vector<CoverageGap> gaps_of(const Tape& tape, const std::vector<std::size_t>& entries, const std::vector<ModuleInstance>& modules,
                                 const std::vector<std::string>& files);

// Operations by name and the status of the whole, from the counts and the gaps that are there already.
void summarise_coverage(CoverageReport& report, const std::map<std::string, std::int64_t>& original,
                        const std::map<std::string, std::int64_t>& decomposed);

}  // namespace decomp
