#include "checks/faces.h"

#include <algorithm>
#include <map>
#include <set>

#include "checks/conserved.h"

namespace decomp {
namespace {

struct Call {
  int instance = -1;
  std::set<std::string> operations;  // conserved ones of its own, not of components that it calls
};

}  // namespace

std::vector<Finding> check_faces(const Tape& refactored, const std::vector<ModuleInstance>& modules) {
  std::vector<Finding> findings;
  if (refactored.parents.size() != refactored.calls.size()) return findings;
  const auto module = [&](int instance) {
    return instance >= 0 && instance < static_cast<int>(modules.size()) ? &modules[static_cast<std::size_t>(instance)]
                                                                        : nullptr;
  };
  std::map<std::size_t, Call> calls;  // of components, by place
  for (std::size_t i = 0; i < refactored.calls.size(); ++i)
    if (const ModuleInstance* m = module(refactored.calls[i]); m != nullptr && !m->file.empty())
      calls[i].instance = refactored.calls[i];
  for (const TapeEntry& e : refactored.entries) {
    if (!is_conserved(e)) continue;
    for (int at = e.call; at >= 0; at = refactored.parents[static_cast<std::size_t>(at)])
      if (auto call = calls.find(static_cast<std::size_t>(at)); call != calls.end()) {
        call->second.operations.insert(canonical_operation(e.op));
        break;
      }
  }
  std::map<std::string, std::vector<const Call*>> files;
  for (const auto& [place, call] : calls) files[module(call.instance)->file].push_back(&call);
  const auto name = [&](const Call& call) { return "`" + module(call.instance)->path + "`"; };
  for (const auto& [file, own] : files) {
    for (const auto& [other, theirs] : files) {
      const auto idle = std::find_if(theirs.begin(), theirs.end(), [](const Call* c) { return c->operations.empty(); });
      if (other == file || idle == theirs.end()) continue;
      for (const Call* more : own)
        for (const Call* less : own)
          for (const std::string& operation : more->operations) {
            const bool moved = !less->operations.empty() && less->operations.count(operation) == 0 &&
                               std::any_of(theirs.begin(), theirs.end(),
                                           [&](const Call* c) { return c->operations.count(operation) != 0; });
            if (!moved) continue;
            findings.push_back(
                {"custody-child-differs",
                 Severity::error,
                 {file},
                 "runs `" + operation + "` as " + name(*more) + " and not as " + name(*less) + ", while " +
                     name(**idle) + " (" + other + ".py), which runs it elsewhere, is called for nothing",
                 "A child must do the same everywhere: no flag, keyword, count or state may tell it where it runs."});
            return findings;
          }
    }
  }
  return findings;
}

}  // namespace decomp
