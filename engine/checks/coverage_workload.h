#pragma once
// Coverage without recorded steps: each kernel ran alone, and stands for all calls of its workload (operation, shapes of the weights
// that it reads, dtypes). That a kernel is used where it should be is not shown by this; the report says so.

#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"
#include "decomp/coverage_report.h"

namespace decomp {

struct KernelRun {
  std::string path;  // as shown to people
  Tape tape;
  std::vector<std::string> files;
};

// Fills all but `tiers` and `model_file`. An operation that no kernel runs counts as made where a declared composite of it is: all
// that the kernels run besides the original's own operations.
CoverageReport cover_by_workload(const Tape& original, const std::vector<ModuleInstance>& modules, const std::vector<std::string>& files,
                                 const std::vector<KernelRun>& kernels);

}  // namespace decomp
