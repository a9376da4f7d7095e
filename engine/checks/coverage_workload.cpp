#include "checks/coverage_workload.h"

#include <algorithm>
#include <map>
#include <set>

#include "checks/coverage_chain.h"
#include "core/rules.h"

namespace decomp {
namespace {

std::string workload_of(const TapeEntry& entry) {
  std::string key = canonical_operation(entry.op);
  for (const TapeRef& in : entry.in) {
    key += " " + in.dtype;
    if (in.weight < 0) continue;
    for (std::int64_t d : in.shape) key += "x" + std::to_string(d);
  }
  return key;
}

std::vector<std::size_t> compute_entries(const Tape& tape) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < tape.entries.size(); ++i)
    if (op_class(tape.entries[i].op) == OpClass::compute) found.push_back(i);
  return found;
}

class Workloads {
 public:
  Workloads(const Tape& original, const std::vector<KernelRun>& kernels) : original_(original), kernels_(kernels) {
    report_.children.resize(kernels.size());
    used_.resize(kernels.size());
    for (std::size_t k = 0; k < kernels.size(); ++k) {
      report_.children[k].path = kernels[k].path;
      for (std::size_t i : compute_entries(kernels[k].tape)) {
        const std::string workload = workload_of(kernels[k].tape.entries[i]);
        ++runs_[k][workload];
        maker_.emplace(workload, k);
      }
    }
  }

  CoverageReport run(const std::vector<ModuleInstance>& modules, const std::vector<std::string>& files) {
    std::map<std::string, std::int64_t> original, decomposed;
    std::vector<std::size_t> left;
    for (std::size_t i : compute_entries(original_)) {
      const TapeEntry& entry = original_.entries[i];
      ++original[canonical_operation(entry.op)];
      const auto maker = maker_.find(workload_of(entry));
      if (maker == maker_.end())
        left.push_back(i);
      else
        ++used_[maker->second][maker->first];
    }
    const std::vector<std::size_t> missing = cover_composites(left);
    for (std::size_t k = 0; k < kernels_.size(); ++k) count_instances(k, decomposed);
    report_.missing = gaps_of(original_, missing, modules, files);
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      std::vector<std::size_t> unused;
      for (std::size_t i : compute_entries(kernels_[k].tape))
        if (used_[k].count(workload_of(kernels_[k].tape.entries[i])) == 0) unused.push_back(i);
      for (CoverageGap gap : gaps_of(kernels_[k].tape, unused, {}, kernels_[k].files)) {
        gap.component = kernels_[k].path;
        report_.extra.push_back(std::move(gap));
      }
    }
    summarise_coverage(report_, original, decomposed);
    return std::move(report_);
  }

 private:
  // Operations that stand, written out, on one side only: `whole` here and `parts` there, or the reverse.
  std::vector<std::size_t> cover_composites(const std::vector<std::size_t>& left) {
    std::set<std::string> absent;
    for (std::size_t i : left) absent.insert(canonical_operation(original_.entries[i].op));
    std::map<std::string, std::vector<std::pair<std::size_t, std::string>>> spare;  // by operation: kernel, workload
    for (std::size_t k = 0; k < kernels_.size(); ++k)
      for (std::size_t i : compute_entries(kernels_[k].tape)) {
        const std::string workload = workload_of(kernels_[k].tape.entries[i]);
        if (used_[k].count(workload) == 0) spare[canonical_operation(kernels_[k].tape.entries[i].op)].emplace_back(k, workload);
      }
    std::set<std::string> covered;
    for (const Json& composite : rule_data("equivalences").at("composites")) {
      const auto whole = composite.at("whole").get<std::set<std::string>>();
      const auto parts = composite.at("parts").get<std::set<std::string>>();
      for (const auto& [here, there] : {std::pair{&whole, &parts}, {&parts, &whole}}) {
        std::set<std::string> explained, used;
        for (const std::string& name : *here)
          if (absent.count(name) != 0 && covered.count(name) == 0) explained.insert(name);
        for (const std::string& name : *there)
          if (spare.count(name) != 0 && absent.count(name) == 0) used.insert(name);
        if (explained.empty() || used.empty()) continue;
        covered.insert(explained.begin(), explained.end());
        for (const std::string& name : used) {
          for (const auto& [kernel, workload] : spare[name]) used_[kernel][workload] += 0;
          spare.erase(name);
        }
        report_.equivalences.push_back(composite.at("name").get<std::string>());
      }
    }
    std::vector<std::size_t> missing;
    for (std::size_t i : left)
      if (covered.count(canonical_operation(original_.entries[i].op)) == 0) missing.push_back(i);
    return missing;
  }

  // As many instances as explain all calls of its workloads.
  void count_instances(std::size_t k, std::map<std::string, std::int64_t>& decomposed) {
    CoverageChild& child = report_.children[k];
    for (const auto& [workload, calls] : used_[k]) {
      const std::int64_t each = runs_[k].at(workload);
      child.instances = std::max(child.instances, std::max<std::int64_t>(1, (calls + each - 1) / each));
    }
    for (std::size_t i : compute_entries(kernels_[k].tape)) {
      const TapeEntry& entry = kernels_[k].tape.entries[i];
      child.calls[canonical_operation(entry.op)] += child.instances;
      decomposed[canonical_operation(entry.op)] += child.instances;
    }
  }

  const Tape& original_;
  const std::vector<KernelRun>& kernels_;
  std::map<std::size_t, std::map<std::string, std::int64_t>> runs_;  // by kernel: its workloads
  std::map<std::string, std::size_t> maker_;                         // workload -> the first kernel that runs it
  std::vector<std::map<std::string, std::int64_t>> used_;            // by kernel: the original's calls that it stands for
  CoverageReport report_;
};

}  // namespace

CoverageReport cover_by_workload(const Tape& original, const std::vector<ModuleInstance>& modules, const std::vector<std::string>& files,
                                 const std::vector<KernelRun>& kernels) {
  return Workloads(original, kernels).run(modules, files);
}

}  // namespace decomp
