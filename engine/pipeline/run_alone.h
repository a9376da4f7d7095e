#pragma once
// One forward of one component file on its own: built from its get_init_inputs(), run on its get_inputs(), with a tape.

#include <string>
#include <vector>

#include "checks/component_header.h"
#include "checks/conservation.h"
#include "pipeline/components.h"
#include "pipeline/model_side.h"
#include "pipeline/session.h"

namespace decomp {

struct OwnRun {
  Value inputs;  // a tuple: args, kwargs
  RunResult result;
  Json declared;  // get_expected_output_shape(): {"present", "value" | "opaque"}
  std::vector<RanTensor> weights;
  std::vector<ModuleInstance> modules;
  std::vector<std::string> files;  // as TapeEntry::file counts them
  std::string sandbox;
};

struct AloneOptions {
  bool initialise = false;  // the author's own initial weights, in place of random ones that keep each tensor's nature
  bool lines = false;       // of the tape
  bool calls = false;       // what each module received and returned in its first call: shapes
};

// `all`: the list that `component` is of. Throws StepStop for what the file does, StepUndecided for a model that does not fit into memory, std::invalid_argument and Json::exception for an
// answer that cannot be read, Error(infrastructure).
OwnRun run_alone(Session& session, const std::vector<Component>& all, const Component& component, const AloneOptions& options);

// Once more with the author's initial weights where random ones give infinities or NaN.
OwnRun run_finite(Session& session, const std::vector<Component>& all, const Component& component, AloneOptions options = {});

}  // namespace decomp
