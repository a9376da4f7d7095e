#pragma once
// Which operations of a model its kernels make.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "decomp/finding.h"

namespace decomp {

// One operation, over the whole model.
struct CoveredOperation {
  std::string name;              // "linear", "layer_norm": one spelling for all forms of an operator
  std::int64_t original = 0;     // calls in the original
  std::int64_t decomposed = 0;   // calls in the kernels, weighted by their recorded instances
  std::int64_t missing = 0;      // of the original's calls
  std::string status;            // "covered", "partial", "missing", "extra"
};

// A call that one side makes and the other does not.
struct CoverageGap {
  std::string name;
  std::int64_t count = 0;
  std::string component;  // module path in the original, or the kernel's file
  Location where;         // the line that called it; line 0 when that is no line of a judged file
};

// One file that the original's operations were looked for in.
struct CoverageChild {
  std::string path;
  std::int64_t instances = 0;                 // calls in one run of the whole model
  std::map<std::string, std::int64_t> calls;  // operations of all its instances
};

// One way to list a model's operations.
struct ExtractionTier {
  std::string method;  // "torch.fx.symbolic_trace", "torch.compile", "forward_hooks", "native_tape"
  bool worked = false;
  std::string reason;                         // why not
  std::map<std::string, std::int64_t> calls;  // what it saw, in its own words
  std::int64_t graphs = 0;                    // torch.compile: graphs it was cut into
  double seconds = 0;
};

struct CoverageReport {
  std::string model_file;
  std::string status;  // "FULL_COVERAGE", "PARTIAL_COVERAGE", "NO_COVERAGE"
  bool recorded = false;  // instances were recorded in the steps' runs; else each kernel stands for all calls of its workload
  std::int64_t total_original = 0;  // compute operations that one run calls
  std::int64_t total_decomposed = 0;
  std::int64_t covered = 0;  // of total_original
  std::vector<CoveredOperation> operations;  // sorted by name
  std::vector<CoverageGap> missing;
  std::vector<CoverageGap> extra;
  std::vector<CoverageChild> children;
  std::vector<std::string> equivalences;  // declared equivalences that were used
  std::vector<ExtractionTier> tiers;      // in order of detail; the native tape last

  double percent() const { return total_original == 0 ? 100.0 : 100.0 * static_cast<double>(covered) / static_cast<double>(total_original); }
};

}  // namespace decomp
