#include "checks/coverage.h"

namespace decomp {
namespace {

bool is_compute(const TapeEntry& entry) { return op_class(entry) == OpClass::compute; }

}  // namespace

Coverage cover(const TapePair& tapes, const std::function<bool(std::size_t, const ModuleInstance*)>& counts) {
  // What does not count is taken off the tape, so that nothing can be matched with it.
  Tape counted = tapes.refactored;
  std::vector<std::size_t> place;  // in the refactored tape, by place in `counted`
  counted.entries.clear();
  for (std::size_t i = 0; i < tapes.refactored.entries.size(); ++i) {
    const TapeEntry& entry = tapes.refactored.entries[i];
    const int at = entry.instance;
    const bool inside = at >= 0 && at < static_cast<int>(tapes.refactored_modules.size());
    if (is_compute(entry) && !counts(i, inside ? &tapes.refactored_modules[static_cast<std::size_t>(at)] : nullptr)) continue;
    counted.entries.push_back(entry);
    place.push_back(i);
  }
  ConservationResult conserved = check_conservation(tapes.original, counted, tapes.original_modules, tapes.refactored_modules);
  Coverage coverage;
  for (const TapeEntry& entry : tapes.original.entries) coverage.total += is_compute(entry) ? 1 : 0;
  for (std::size_t i : conserved.missing)
    if (is_compute(tapes.original.entries[i])) coverage.missing.push_back(i);
  for (std::size_t i : conserved.extra)
    if (is_compute(counted.entries[i])) coverage.extra.push_back(place[i]);
  coverage.equivalences = std::move(conserved.equivalences);
  return coverage;
}

Coverage cover_by_children(const TapePair& tapes) {
  return cover(tapes, [](std::size_t, const ModuleInstance* instance) { return instance != nullptr && !instance->component.empty(); });
}

}  // namespace decomp
