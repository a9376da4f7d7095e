#pragma once
// One child of a step in a process that sees only its file and what that imports, built from its own get_init_inputs(), under the
// weights of one of its instances.

#include <string>

#include "pipeline/step_context.h"

namespace decomp {

class ChildAlone {
 public:
  // `child`: place in StepContext::children. Loads the file. Throws StepStop.
  ChildAlone(StepContext& step, std::size_t child);

  ModelSide& side() { return side_; }
  void build();
  // `component`: path of the instance whose weights it gets; its tensors are those of this child.
  void give_weights_of(const std::string& component);

 private:
  StepContext& step_;
  ModelSide side_;
};

}  // namespace decomp
