#pragma once
// What `check --fix` does to the kernels of one decomposition: other names, and one file where several hold one workload. Only plans; who
// writes is engine/cli/fix.cpp.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/component_run.h"

namespace decomp {

// Module names, without ".py".
struct KernelRename {
  std::string from, to;
};

// `keep` takes the place of `drop`.
struct KernelMerge {
  std::string drop, keep;
  std::vector<std::pair<std::string, std::string>> keys;  // tensors that the two call otherwise: drop's, keep's
  struct Use {
    std::string step;      // name of the folder in steps/
    std::string instance;  // module path of an instance of `drop`
  };
  std::vector<Use> uses;
  std::string problem;  // why it cannot be done; "" when it can
};

struct KernelFixes {
  std::filesystem::path root;
  std::string shown;
  std::vector<KernelRename> renames;
  std::vector<KernelMerge> merges;
  bool empty() const { return renames.empty() && merges.empty(); }
};

// How the tensors of one instance are called in another file of the same workload: by kind, dtype and shape, in order. Sets `problem`
// where that cannot be told.
void pair_keys(const ComponentRun& drop, const ComponentRun& keep, KernelMerge& merge);

// The .py, .json and .md files of a decomposition, by path below its folder.
using FileTexts = std::map<std::string, std::string>;

struct FixPlan {
  FileTexts write;             // whole files; those that move under their new path
  std::set<std::string> remove;
  std::vector<std::string> done;     // what is done, for people
  std::vector<std::string> refused;  // what cannot be, and why; then nothing is written
};
FixPlan plan_fixes(const FileTexts& files, const KernelFixes& fixes);

}  // namespace decomp
