#include "checks/tree_flow.h"

#include <cstdint>
#include <map>

namespace decomp {

bool Flow::carries(int from, int to) const {
  for (int end : {from, to})
    if (end != flow_parent && open[static_cast<std::size_t>(end)]) return true;
  const std::set<int>& origins = to == flow_parent ? returned : received[static_cast<std::size_t>(to)];
  return origins.count(from) != 0;
}

Flow recorded_flow(const Tape& tape, const std::vector<ModuleInstance>& modules, const std::vector<FlowComponent>& components) {
  Flow flow;
  flow.received.resize(components.size());
  flow.open.resize(components.size());
  std::map<std::string, int> place;
  for (std::size_t i = 0; i < components.size(); ++i) place.emplace(components[i].path, static_cast<int>(i));
  std::map<std::int64_t, std::set<int>> origins;  // by value
  for (std::int64_t id : tape.inputs) origins[id].insert(flow_parent);
  std::vector<std::set<std::int64_t>> read(components.size());  // values from outside
  std::vector<bool> ran(components.size());
  for (const TapeEntry& entry : tape.entries) {
    int owner = flow_parent;
    if (entry.instance >= 0 && entry.instance < static_cast<int>(modules.size()))
      if (const auto found = place.find(modules[static_cast<std::size_t>(entry.instance)].component); found != place.end()) owner = found->second;
    std::set<int> before;
    std::set<std::int64_t> known;
    for (const TapeRef& in : entry.in) {
      const auto found = origins.find(in.id);
      if (in.weight >= 0 || found == origins.end()) continue;
      known.insert(in.id);
      before.insert(found->second.begin(), found->second.end());
      if (owner != flow_parent && (found->second.size() != 1 || *found->second.begin() != owner)) read[static_cast<std::size_t>(owner)].insert(in.id);
    }
    if (owner == flow_parent) {
      if (before.empty()) before.insert(flow_parent);
      for (const TapeRef& out : entry.out) origins[out.id].insert(before.begin(), before.end());
      continue;
    }
    ran[static_cast<std::size_t>(owner)] = true;
    flow.received[static_cast<std::size_t>(owner)].insert(before.begin(), before.end());
    // A view has the value of what it looks at, which others may read as well.
    for (const TapeRef& out : entry.out) {
      if (known.count(out.id) == 0) origins[out.id].clear();
      origins[out.id].insert(owner);
    }
  }
  for (std::int64_t id : tape.outputs)
    if (const auto found = origins.find(id); found != origins.end()) flow.returned.insert(found->second.begin(), found->second.end());
  // An input that no operation reads (only its shape was asked) leaves no trace; nor does a component that hands on what it got.
  for (std::size_t i = 0; i < components.size(); ++i) flow.open[i] = !ran[i] || read[i].size() < components[i].inputs;
  return flow;
}

}  // namespace decomp
