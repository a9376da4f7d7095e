#pragma once
// Which component of a refactored model receives what which other one made: the recorded flow of one run, plumbing and arithmetic of the
// parent looked through.

#include <set>
#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"

namespace decomp {

// Where a tensor comes from or goes to: a component by its place in the list, or the parent.
inline constexpr int flow_parent = -1;

struct Flow {
  std::vector<std::set<int>> received;  // by component
  std::set<int> returned;               // what the parent's results are made of
  std::vector<bool> open;               // by component: not all that it receives and returns was seen, so any edge may be true

  // `from` flow_parent: the parent's inputs, and what it makes from nothing. `to` flow_parent: its results.
  bool carries(int from, int to) const;
};

// `components`: module paths, and how many tensors the first call of each received.
struct FlowComponent {
  std::string path;
  std::size_t inputs = 0;
};
Flow recorded_flow(const Tape& tape, const std::vector<ModuleInstance>& modules, const std::vector<FlowComponent>& components);

}  // namespace decomp
