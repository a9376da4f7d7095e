#pragma once
// The component files of one group of steps, each with all that its steps recorded about it.

#include <optional>
#include <string>
#include <vector>

#include "checks/component_run.h"
#include "checks/custody_chain.h"
#include "pipeline/custody_files.h"
#include "pipeline/evidence.h"
#include "pipeline/step_groups.h"

namespace decomp {

struct RecordedComponent {
  std::string name;    // file name without ".py"
  std::string path;    // of the first file in children/ that holds it, as shown to people
  std::size_t step = 0;  // of that file: index in the group
  std::string header;  // level that the file declares, "" when none
  const CustodyFile* level_file = nullptr;  // the file of a level folder that holds it
  const CodeForm* form = nullptr;
  std::shared_ptr<const Facts> facts;
  std::vector<ComponentRun> runs;       // of every instance in every step that ran
  std::vector<std::size_t> run_steps;   // one per run

  // 0 (kernel) to 3 (model): of its folder, else of its header; -1 when neither says.
  int level() const;
};

struct GroupSteps {
  const StepGroup& group;
  const std::vector<StepFiles>& steps;
  const std::vector<StepEvidence>& evidence;
  std::size_t place(std::size_t step) const { return group.steps[step].front(); }
  const StepFiles& files(std::size_t step) const { return steps[place(step)]; }
  const StepEvidence& seen(std::size_t step) const { return evidence[place(step)]; }
};

// In order of steps and names. `levels`: the files of the level folders, empty where there are none.
std::vector<RecordedComponent> collect_components(Session& session, CodeForms& forms, const GroupSteps& steps, const std::vector<CustodyFile>& levels);

// What each instance of the child file `module` did in this step.
std::vector<ComponentRun> runs_of(const StepEvidence& step, const std::string& module);

// The tensors of a wire tree, in order.
std::vector<TensorShape> tensor_leaves(const Json& tree);

}  // namespace decomp
