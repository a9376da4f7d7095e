#pragma once
// What one step's runs showed about its components, for the rules of a whole decomposition: names, levels, dimensions, the tree,
// coverage. Filled where both models ran, whatever the verdict.

#include <optional>
#include <string>
#include <vector>

#include "checks/component_run.h"
#include "checks/conservation.h"
#include "core/json.h"
#include "core/tape.h"
#include "decomp/report.h"

namespace decomp {

// One file of children/.
struct ChildEvidence {
  std::string module;                   // import name
  std::string path;                     // as shown to people
  std::string sha256;
  std::string level;                    // that its header declares, "" when none
  std::vector<std::string> instances;   // module paths in the refactored model, in order of construction
  std::vector<Json> calls;              // of the first trial: {"path","args","kwargs","output"} as wire trees without bytes
  std::vector<OwnedTensor> tensors;     // of the first instance
  std::vector<TapeEntry> operations;    // of the first instance, over all its calls in the first trial
};

struct StepEvidence {
  bool ran = false;  // both models ran once; else the rest is empty
  std::vector<ChildEvidence> children;
  std::string original_sha256;
  std::string level;                     // that the original's header declares, "" when none
  Tape original, refactored;             // of the first trial
  std::vector<ModuleInstance> modules;   // of the original: where its operations ran
  std::vector<ModuleInstance> refactored_modules;
  std::vector<OwnedTensor> tensors;      // of the original
  std::vector<OwnedTensor> refactored_tensors;
  std::vector<Json> calls;               // one list per trial: the first call of each child instance, as ChildEvidence::calls
  Json inputs;                           // {"args","kwargs"} of the first trial, as wire trees without bytes
  std::optional<std::vector<TensorShape>> outputs;  // of the original in that trial, its tensors in order
  bool finite = false;                              // all of them
};

struct StepContext;
StepEvidence collect_evidence(const StepContext& step);

// How many percent of the original's compute operations the step's children make; nothing where it never ran.
std::optional<double> coverage_percent(const StepReport& step, const StepEvidence& evidence);

}  // namespace decomp
