#include "checks/workloads.h"

#include <algorithm>

#include "checks/kernel_claims.h"
#include "checks/kernel_identity.h"
#include "checks/kernel_name.h"

namespace decomp {
namespace {

// The first instance that ran; nullptr when none did.
const ComponentRun* first_run(const KernelFile& kernel) {
  for (const ComponentRun& run : kernel.runs)
    if (run.calls > 0 && run.recorded) return &run;
  return nullptr;
}

bool same_ranks(const ComponentRun& a, const ComponentRun& b) {
  return std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(), [](const TensorShape& x, const TensorShape& y) { return x.shape.size() == y.shape.size(); });
}

void two_workloads(const KernelFile& kernel, std::vector<Finding>& findings) {
  const ComponentRun* first = first_run(kernel);
  if (first == nullptr) return;
  const Workload one = workload_of(*first);
  for (const ComponentRun& run : kernel.runs) {
    if (&run == first || run.calls == 0 || !run.recorded) continue;
    const Workload other = workload_of(run);
    if (other.identity == one.identity) continue;
    // One file moves the last dimension of what it is given, however many come before.
    if (!same_ranks(*first, run) && workload_of_any_rank(*first).identity == workload_of_any_rank(run).identity) continue;
    const std::string a = kernel_name(*first, kernel.name), b = kernel_name(run, kernel.name);
    findings.push_back({"name-two-workloads", Severity::error, {kernel.name},
                        "is one name for two workloads: as `" + first->instance + "` and as `" + run.instance + "` it does not do the same; " +
                            workload_difference(one, other),
                        a == b ? "Make a file of each, with what tells them apart in its name."
                               : "Make a file of each: " + a + ".py and " + b + ".py."});
    return;
  }
}

}  // namespace

std::vector<DuplicateKernel> find_duplicates(const std::vector<KernelFile>& kernels) {
  struct Known {
    std::size_t index;
    Workload workload;
  };
  std::vector<Known> known;
  std::vector<DuplicateKernel> found;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const ComponentRun* run = first_run(kernels[i]);
    if (run == nullptr) continue;
    Workload workload = workload_of(*run);
    auto same = std::find_if(known.begin(), known.end(), [&](const Known& k) {
      return k.workload.identity == workload.identity &&
             (!workload.code_counts || (!kernels[i].code.empty() && kernels[k.index].code == kernels[i].code));
    });
    if (same == known.end()) {
      known.push_back({i, std::move(workload)});
      continue;
    }
    // The one that is called as decomp would call it stays; else the first.
    const bool newer = kernel_name(*run, kernels[i].name) == kernels[i].name &&
                       kernel_name(*first_run(kernels[same->index]), kernels[same->index].name) != kernels[same->index].name;
    found.push_back({newer ? i : same->index, newer ? same->index : i});
    if (newer) same->index = i;
  }
  return found;
}

std::vector<Finding> check_workloads(const std::vector<KernelFile>& kernels) {
  std::vector<Finding> findings;
  for (const KernelFile& kernel : kernels) two_workloads(kernel, findings);
  for (const DuplicateKernel& d : find_duplicates(kernels)) {
    const KernelFile &keep = kernels[d.keep], &drop = kernels[d.drop];
    const std::string better = kernel_name(*first_run(keep), keep.name);
    findings.push_back({"name-duplicate", Severity::error, {drop.name},
                        "does the same work as " + keep.name + ".py on the same shapes, attributes and dtypes: two files for one workload",
                        "Delete one of them and import the other in its place; decomp would call it " + better + ".py."});
  }
  return findings;
}

}  // namespace decomp
