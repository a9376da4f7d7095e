#pragma once
// A decomposition's composition: made from its steps, proved against its source model.

#include <optional>
#include <string>
#include <vector>

#include "decomp/report.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

struct Composition {
  std::string text;                // of composition_test.py; "" where none could be made: `findings` say why
  std::vector<Finding> findings;
  bool undecided = false;          // a finding tells what the machine could not do
  std::optional<StepReport> proof; // the source model against the text's class; `pass` is the proof
};

// `steps`: all steps of the decomposition in `folder`. The steps are read and their weights mapped, not judged. `source`: the source
// model's file, "" for the one that decomposition_tree.json names. `prove`: whether the proof is wanted here; a caller that judges the
// whole decomposition afterwards has it from there. Throws Error(infrastructure).
Composition compose(Session& session, const DecompositionFolder& folder, const std::vector<StepFiles>& steps,
                    const std::filesystem::path& source = {}, bool prove = true);

}  // namespace decomp
