#pragma once
// Coverage: which compute operations of an original are made where they are looked for. Other than conservation it says which,
// and how many; plumbing, arithmetic and operations that do nothing are not counted.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"

namespace decomp {

// The two sides of one run on the same weights and inputs.
struct TapePair {
  const Tape& original;
  const Tape& refactored;
  const std::vector<ModuleInstance>& original_modules;
  const std::vector<ModuleInstance>& refactored_modules;
};

struct Coverage {
  std::int64_t total = 0;             // compute operations of the original
  std::vector<std::size_t> missing;   // its entries that nothing that counts makes
  std::vector<std::size_t> extra;     // the refactored tape's entries, among those that count, that the original lacks
  std::vector<std::string> equivalences;
  double percent() const { return total == 0 ? 100.0 : 100.0 * static_cast<double>(total - static_cast<std::int64_t>(missing.size())) / static_cast<double>(total); }
};

// `counts(entry, instance)`: may this operation of the refactored run cover one of the original's? The instance is null outside
// all modules.
Coverage cover(const TapePair& tapes, const std::function<bool(std::size_t entry, const ModuleInstance* instance)>& counts);

// All that runs inside a child counts.
Coverage cover_by_children(const TapePair& tapes);

}  // namespace decomp
