// Stages 4 and 5 of the weight map: constructed values of buffers, then order of first use.

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "tensor/dtype.h"
#include "tensor/weight_map_state.h"

namespace decomp {
namespace {

bool is_buffer(const TensorEntry& entry) { return entry.kind != TensorEntry::Kind::parameter && entry.value.defined(); }

std::string_view bytes_of(const TensorEntry& entry) {
  return {static_cast<const char*>(entry.value.const_data_ptr()),
          static_cast<std::size_t>(entry.value.numel()) * entry.value.itemsize()};
}

// Buffers by type and constructed bytes.
struct ValueKey {
  std::string type;
  std::string_view bytes;
  bool operator==(const ValueKey&) const = default;
};
struct ValueHash {
  std::size_t operator()(const ValueKey& key) const {
    return std::hash<std::string>()(key.type) * 31 + std::hash<std::string_view>()(key.bytes);
  }
};

struct Holders {
  std::vector<std::size_t> originals;       // free
  std::vector<std::size_t> used_originals;  // mapped already
  std::vector<std::size_t> refactoreds;     // free
};

}  // namespace

// Sound, because the map is a claim that the comparison of the outputs then tests: float buffers are permuted before
// the run, each in its own way, so a wrong pair shows. Integer and bool buffers keep these very bytes in every trial,
// so whichever equal one feeds a key makes no difference to any run.
void map_equal_values(MapState& state) {
  const std::vector<std::size_t> free = state.refactored.free();
  if (std::none_of(free.begin(), free.end(), [&](std::size_t r) { return is_buffer(state.refactored.tensors[r]); }))
    return;
  std::unordered_map<ValueKey, Holders, ValueHash> by_value;
  for (std::size_t o = 0; o < state.original.tensors.size(); ++o) {
    const TensorEntry& entry = state.original.tensors[o];
    if (!is_buffer(entry)) continue;
    Holders& holders = by_value[{type_text(entry), bytes_of(entry)}];
    if (!state.original.taken[o])
      holders.originals.push_back(o);
    else if (state.mapped[o])
      holders.used_originals.push_back(o);
  }
  for (const std::size_t r : free) {
    const TensorEntry& entry = state.refactored.tensors[r];
    if (!is_buffer(entry)) continue;
    const auto found = by_value.find({type_text(entry), bytes_of(entry)});
    if (found != by_value.end()) found->second.refactoreds.push_back(r);
  }
  for (const auto& [key, holders] : by_value) {
    if (holders.refactoreds.empty()) continue;
    if (is_floating(dtype_info(state.refactored.tensors[holders.refactoreds[0]].dtype).kind)) {
      if (holders.originals.size() == 1 && holders.refactoreds.size() == 1)
        state.assign(holders.refactoreds[0], holders.originals[0], "equal value");
      continue;
    }
    std::size_t next = 0;
    for (const std::size_t r : holders.refactoreds) {
      if (next < holders.originals.size())
        state.assign(r, holders.originals[next++], "equal value");
      else if (!holders.originals.empty() || !holders.used_originals.empty())
        state.assign(r, holders.originals.empty() ? holders.used_originals[0] : holders.originals[0], "equal value");
    }
  }
}

namespace {

struct Group {
  std::vector<std::size_t> originals;
  std::vector<std::size_t> refactoreds;
};

std::string_view last_part(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  return std::string_view(key).substr(dot == std::string::npos ? 0 : dot + 1);
}

// Per tensor, when the probe used it first. A probe sees memory, not names: tied names share what any of them has.
using FirstUse = std::vector<std::optional<std::int64_t>>;
FirstUse first_uses(const MapState::Side& side) {
  FirstUse uses(side.tensors.size());
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const auto own = side.tensors[i].first_use;
    auto& shared = uses[side.memory[i]];
    if (own && (!shared || *own < *shared)) shared = own;
  }
  for (std::size_t i = 0; i < uses.size(); ++i) uses[i] = uses[side.memory[i]];
  return uses;
}

// Tensors that the probe used, by when it used them first. False when two came at once and cannot be told apart.
using Uses = std::map<std::pair<std::int64_t, std::string_view>, std::size_t>;
bool in_order_of_use(const MapState::Side& side, const std::vector<std::size_t>& tensors, const FirstUse& first,
                     Uses& uses) {
  std::map<std::int64_t, int> at_once;
  for (const std::size_t i : tensors)
    if (first[i]) ++at_once[*first[i]];
  for (const std::size_t i : tensors) {
    if (!first[i]) continue;
    // One operation may use several first (the biases of an LSTM): their names tell them apart, not their registration.
    const bool alone = at_once[*first[i]] == 1;
    if (!uses.emplace(std::pair(*first[i], alone ? std::string_view() : last_part(side.tensors[i].key)), i).second)
      return false;
  }
  return true;
}

// Tied names on the original's side are one tensor, so any of them will do for every refactored tensor of the group.
bool is_one_tied_tensor(const MapState::Side& side, const std::vector<std::size_t>& tensors) {
  return tensors.size() > 1 && std::all_of(tensors.begin(), tensors.end(),
                                           [&](std::size_t i) { return side.memory[i] == side.memory[tensors[0]]; });
}

}  // namespace

void map_first_use(MapState& state) {
  const FirstUse first_original = first_uses(state.original);
  const FirstUse first_refactored = first_uses(state.refactored);
  std::map<std::string, Group> groups;
  for (const std::size_t o : state.original.free()) groups[signature(state.original.tensors[o])].originals.push_back(o);
  for (const std::size_t r : state.refactored.free())
    groups[signature(state.refactored.tensors[r])].refactoreds.push_back(r);
  for (const auto& [unused, group] : groups) {
    Uses originals;
    Uses refactoreds;
    const bool all_used = std::all_of(group.refactoreds.begin(), group.refactoreds.end(),
                                      [&](std::size_t r) { return first_refactored[r].has_value(); });
    if (group.refactoreds.empty() || !all_used) continue;
    if (is_one_tied_tensor(state.original, group.originals) && first_original[group.originals[0]]) {
      for (std::size_t i = 0; i < group.refactoreds.size(); ++i)
        state.assign(group.refactoreds[i], group.originals[std::min(i, group.originals.size() - 1)],
                     "order of first use");
      continue;
    }
    if (!in_order_of_use(state.original, group.originals, first_original, originals) ||
        !in_order_of_use(state.refactored, group.refactoreds, first_refactored, refactoreds))
      continue;
    if (originals.size() != refactoreds.size()) continue;
    const bool same_names = std::equal(originals.begin(), originals.end(), refactoreds.begin(),
                                       [](const auto& o, const auto& r) { return o.first.second == r.first.second; });
    if (!same_names) continue;
    for (auto o = originals.begin(), r = refactoreds.begin(); o != originals.end(); ++o, ++r)
      state.assign(r->second, o->second, "order of first use");
  }
}

}  // namespace decomp
