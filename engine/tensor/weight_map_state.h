#pragma once
// The weight map while it is being made; each stage (weight_map_*.cpp) works on what the earlier ones left.

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tensor/weights.h"

namespace decomp {

struct MapState {
  MapState(const ModelDescription& original_model, const ModelDescription& refactored_model);

  // One side of the map. `taken`: mapped, or named in weight_map.json (also in a faulty entry, which has its own
  // finding).
  struct Side {
    explicit Side(const ModelDescription& model);
    const std::vector<TensorEntry>& tensors;
    std::unordered_map<std::string, std::size_t> index;
    std::vector<char> taken;
    // Tensors that are the same memory have the same number: the index of the first of them.
    std::vector<std::size_t> memory;
    std::vector<std::size_t> free() const;  // in registration order
    std::optional<std::size_t> find(const std::string& key) const;
    std::vector<std::string> keys() const;
  };

  void assign(std::size_t refactored_index, std::size_t original_index, const char* how);
  // Gives refactored tensors that are the same memory as a mapped one its target.
  void follow_ties();
  void report(std::string rule, Location where, std::string message, std::string help,
              Severity severity = Severity::error);

  Side original;
  Side refactored;
  std::vector<std::optional<MapTarget>> targets;  // per refactored tensor
  std::vector<char> declared_null;                // per original tensor
  std::vector<char> mapped;                       // per original tensor: some refactored one takes it
  std::vector<Finding> findings;
};

// What may be mapped without an explicit word: equal dtype and shape, and both parameters or both not.
std::string signature(const TensorEntry& entry);
// "float32 [2, 3]"
std::string type_text(const TensorEntry& entry);
// "parameter", "buffer", "attribute"
std::string kind_text(const TensorEntry& entry);

void map_explicit(MapState& state, const Source& source);
void map_equal_names(MapState& state);
void map_paths(MapState& state);
void map_equal_values(MapState& state);
void map_first_use(MapState& state);
// Findings about everything that no stage mapped. True when only a probe's order of first use could decide more.
bool report_leftovers(MapState& state);

}  // namespace decomp
