#pragma once
// One file per workload (RULES §6): kernels compared by what they do, not by what they are called.

#include <string>
#include <vector>

#include "checks/component_run.h"
#include "decomp/finding.h"

namespace decomp {

struct KernelFile {
  std::string name;  // without ".py"
  std::string code;  // code_without_names(), "" when it cannot be told
  std::vector<ComponentRun> runs;
};

// Two kernel files that hold one workload; `keep` is the one that its name and order of use recommend.
struct DuplicateKernel {
  std::size_t keep, drop;
};

// Rules name-two-workloads, name-duplicate. Finding::where.file is the name.
std::vector<Finding> check_workloads(const std::vector<KernelFile>& kernels);
std::vector<DuplicateKernel> find_duplicates(const std::vector<KernelFile>& kernels);

}  // namespace decomp
