#include <algorithm>
#include <utility>

#include "core/wire.h"
#include "tensor/compare.h"
#include "tensor/dtype.h"
#include "tensor/elements.h"
#include "tensor/weight_map_state.h"

namespace decomp {

MapState::Side::Side(const ModelDescription& model) : tensors(model.tensors), taken(model.tensors.size(), 0) {
  std::unordered_map<std::int64_t, std::vector<std::size_t>> by_storage;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    index.emplace(tensors[i].key, i);
    memory.push_back(i);
    auto& others = by_storage[tensors[i].storage];
    const auto same =
        std::find_if(others.begin(), others.end(), [&](std::size_t o) { return same_memory(tensors[o], tensors[i]); });
    if (same != others.end())
      memory[i] = *same;
    else
      others.push_back(i);
  }
}

std::vector<std::size_t> MapState::Side::free() const {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (!taken[i]) left.push_back(i);
  return left;
}

std::optional<std::size_t> MapState::Side::find(const std::string& key) const {
  const auto found = index.find(key);
  if (found == index.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> MapState::Side::keys() const {
  std::vector<std::string> all;
  for (const TensorEntry& tensor : tensors) all.push_back(tensor.key);
  return all;
}

MapState::MapState(const ModelDescription& original_model, const ModelDescription& refactored_model)
    : original(original_model),
      refactored(refactored_model),
      targets(refactored_model.tensors.size()),
      declared_null(original_model.tensors.size(), 0),
      mapped(original_model.tensors.size(), 0) {}

void MapState::assign(std::size_t refactored_index, std::size_t original_index, const char* how) {
  targets[refactored_index] = MapTarget{original.tensors[original_index].key, -1, -1, how};
  refactored.taken[refactored_index] = 1;
  original.taken[original_index] = 1;
  mapped[original_index] = 1;
}

void MapState::follow_ties() {
  std::unordered_map<std::size_t, std::size_t> leader;  // memory -> a mapped refactored tensor
  for (std::size_t r = 0; r < targets.size(); ++r)
    if (targets[r]) leader.emplace(refactored.memory[r], r);
  for (std::size_t r = 0; r < targets.size(); ++r) {
    const auto found = leader.find(refactored.memory[r]);
    if (targets[r] || refactored.taken[r] || found == leader.end()) continue;
    targets[r] = targets[found->second];
    targets[r]->how = "tied";
    refactored.taken[r] = 1;
  }
}

void MapState::report(std::string rule, Location where, std::string message, std::string help, Severity severity) {
  findings.push_back({std::move(rule), severity, std::move(where), std::move(message), std::move(help)});
}

std::string signature(const TensorEntry& entry) {
  return (entry.kind == TensorEntry::Kind::parameter ? "p " : "b ") + type_text(entry);
}

std::string type_text(const TensorEntry& entry) {
  return dtype_name(entry.dtype) + " " + wire::shape_text(entry.shape);
}

std::string kind_text(const TensorEntry& entry) {
  switch (entry.kind) {
    case TensorEntry::Kind::parameter:
      return "parameter";
    case TensorEntry::Kind::buffer:
      return "buffer";
    case TensorEntry::Kind::attribute:
      return "attribute";
  }
  return "tensor";
}

namespace {

// One memory, two sources: as written, the refactored model cannot hold both.
void check_refactored_ties(MapState& state) {
  std::unordered_map<std::size_t, std::size_t> first;  // memory -> refactored tensor
  for (std::size_t r = 0; r < state.targets.size(); ++r) {
    if (!state.targets[r]) continue;
    const auto [leader, inserted] = first.emplace(state.refactored.memory[r], r);
    if (inserted) continue;
    const MapTarget& a = *state.targets[leader->second];
    const MapTarget& b = *state.targets[r];
    const bool same_source = state.original.memory[state.original.index.at(a.original)] ==
                             state.original.memory[state.original.index.at(b.original)];
    if (same_source && a.row_begin == b.row_begin && a.row_end == b.row_end) continue;
    state.report("weight-not-one-to-one", {},
                 "the refactored model ties \"" + state.refactored.tensors[leader->second].key + "\" and \"" +
                     state.refactored.tensors[r].key + "\" to one tensor, but they take the values of two: \"" +
                     a.original + "\" and \"" + b.original + "\"",
                 "build two tensors, as the original does, or tie nothing that the original does not tie");
  }
}

// Buffers that share memory with a parameter show its initial values, which mean nothing.
bool aliases_parameter(const MapState::Side& side, const TensorEntry& entry) {
  return std::any_of(side.tensors.begin(), side.tensors.end(), [&](const TensorEntry& other) {
    return other.kind == TensorEntry::Kind::parameter && other.storage == entry.storage;
  });
}

bool constructed_close(const TensorEntry& o, const TensorEntry& r) {
  const Tolerance tolerance = TolerancePolicy{}.of(o.dtype);
  return compare_elements(o.dtype, o.value.const_data_ptr(), r.value.const_data_ptr(), o.value.numel(), tolerance)
             .mismatches == 0;
}

std::vector<std::string> constructed_differently(MapState& state) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < state.targets.size(); ++i) {
    const TensorEntry& r = state.refactored.tensors[i];
    const bool kept_outside = r.kind == TensorEntry::Kind::buffer && r.persistent;
    if (!state.targets[i] || kept_outside || r.kind == TensorEntry::Kind::parameter || state.targets[i]->row_begin >= 0)
      continue;
    const TensorEntry& o = state.original.tensors[state.original.index.at(state.targets[i]->original)];
    if (!o.value.defined() || !r.value.defined() || constructed_close(o, r)) continue;
    if (aliases_parameter(state.original, o) || aliases_parameter(state.refactored, r)) continue;
    keys.push_back(r.key);
    state.report("weight-constructed", {},
                 "the refactored model's " + kind_text(r) + " \"" + r.key + "\" " + type_text(r) +
                     " is constructed with other values than the original's \"" + o.key +
                     "\", and state_dict() does not hold it: it was proved with the original's values only",
                 "compute it as the original does; if it is random, make it a persistent buffer", Severity::warning);
  }
  return keys;
}

}  // namespace

WeightMap map_weights(const ModelDescription& original, const ModelDescription& refactored,
                      const Source* explicit_map) {
  MapState state(original, refactored);
  if (explicit_map != nullptr) map_explicit(state, *explicit_map);
  state.follow_ties();
  for (const auto stage : {map_equal_names, map_paths, map_equal_values, map_first_use}) {
    stage(state);
    state.follow_ties();
  }
  check_refactored_ties(state);

  WeightMap map;
  map.constructed_differently = constructed_differently(state);
  map.needs_first_use = report_leftovers(state);
  for (std::size_t r = 0; r < state.targets.size(); ++r) {
    if (state.targets[r])
      map.by_refactored.emplace(refactored.tensors[r].key, *state.targets[r]);
    else
      map.unmapped_refactored.push_back(refactored.tensors[r].key);
  }
  std::vector<char> memory_mapped(original.tensors.size(), 0);
  for (std::size_t o = 0; o < original.tensors.size(); ++o)
    if (state.mapped[o]) memory_mapped[state.original.memory[o]] = 1;
  for (std::size_t o = 0; o < original.tensors.size(); ++o)
    if (!memory_mapped[state.original.memory[o]]) map.unmapped_original.push_back(original.tensors[o].key);
  map.findings = std::move(state.findings);
  return map;
}

}  // namespace decomp
