#pragma once
// Weights: what a model owns (its description), the map original -> refactored, and the arena of fresh values.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/source.h"
#include "decomp/finding.h"
#include "tensor/value.h"

namespace decomp {

// One parameter, buffer or plain-attribute tensor of a model, as `describe` reports it in its "tensors", in
// registration order (a tensor registered under two names is listed under both):
//   {"key":"blocks.0.attn.qkv.weight","kind":"parameter|buffer|attribute","dtype":"float32","shape":[768,256],
//    "strides":[256,1],"storage":7,"storage_offset":0,"persistent":true,"owner":"torch.nn.modules.linear.Linear",
//    "role":"weight","constant":1.0,"first_use":12,"value":{"k":"tensor",...}}
// strides: in elements; may be absent when contiguous. storage: small integer, equal for tensors that share memory.
// owner: qualified class of the module that holds it. role: last part of the key. constant: present when the
// constructed parameter holds one single value (ones, zeros). first_use: position in the probe run's order of first
// use, absent before a probe or when unused. value: constructed value of buffers, attributes, and parameters of integer
// or bool dtype (there is no other source for these; required unless `constant` is given).
struct TensorEntry {
  enum class Kind { parameter, buffer, attribute };
  std::string key;
  Kind kind = Kind::parameter;
  at::ScalarType dtype = at::kFloat;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;  // empty: contiguous
  std::int64_t storage = 0;
  std::int64_t storage_offset = 0;  // in elements
  bool persistent = true;
  std::string owner;
  std::optional<double> constant;
  std::optional<std::int64_t> first_use;
  at::Tensor value;  // contiguous; undefined for floating parameters
};

// True if both are the same elements of the same memory: one tensor under two names.
bool same_memory(const TensorEntry& a, const TensorEntry& b);

struct ModelDescription {
  std::vector<TensorEntry> tensors;
  const TensorEntry* find(const std::string& key) const;  // nullptr when absent
};

// Throws std::invalid_argument when the reply is not a description: a hostile job's reply is as likely as an honest
// one's.
ModelDescription decode_description(const Json& reply, const std::shared_ptr<MappedFile>& file);

// Where one refactored tensor takes its values from: the original's tensor, or rows [row_begin, row_end) of it.
struct MapTarget {
  std::string original;
  std::int64_t row_begin = -1;  // -1: the whole tensor
  std::int64_t row_end = -1;
  std::string how;  // "explicit", "equal name", "path", "equal value", "order of first use", "tied"
};

struct WeightMap {
  std::map<std::string, MapTarget> by_refactored;  // every refactored tensor, when complete
  std::vector<std::string> unmapped_original;      // keys; mapped to null, or left over
  std::vector<std::string> unmapped_refactored;
  // Mapped refactored tensors that state_dict() does not hold (non-persistent buffers, attributes) and whose
  // constructed value is not close to that of the original's tensor: the map hides what the code would compute by
  // itself. A warning each; a fault if the original constructs the same value under every seed.
  std::vector<std::string> constructed_differently;
  std::vector<Finding> findings;
  bool needs_first_use = false;  // leftovers exist that only the order of first use can decide: probe, then map again
};

// The map of RULES §3, in this order, each stage on what the earlier ones left:
//   explicit weight_map.json, {original key: value}, value: key | [keys] | null | {"key":k,"rows":[a,b]} | list of
//   these; equal names of equal shape and dtype; path, the last part, shape, dtype and kind (parameter or not) equal,
//   the candidate unique on both sides:
//     components added or removed at the end (q_proj.weight -> q_proj.linear.weight); one path contains the other in
//     order; else a shared component and equal indices (layers.0.mlp.up.weight -> layers.0.up.linear.weight);
//   equal value: a buffer or attribute whose constructed bytes equal those of exactly one left on the other side
//   (integer and
//     bool ones, which are never refilled, also when that one already feeds another key);
//   order of first use among equal shape, dtype and kind, when both descriptions have first_use. Never shape alone.
// A refactored tensor that is the same memory as a mapped one takes the same target ("tied").
// Total and one-to-one but for ties: tensors that share storage on the original side may feed several refactored keys.
// Findings: weight-map-json (line, column), weight-unmapped, weight-ambiguous (lists candidates), weight-shape,
// weight-dtype, weight-unknown-key, weight-not-one-to-one; weight-constructed (a warning). Those about weight_map.json
// have its path, line and column; the others name keys and have no file. Original tensors left over are errors, but for
// integer and bool buffers and, when a probe ran, float buffers that state_dict() does not hold and nothing read: these
// are notes. `explicit_map` null: there is no weight_map.json.
WeightMap map_weights(const ModelDescription& original, const ModelDescription& refactored, const Source* explicit_map);

// Fresh values for every tensor of the original (RULES §3), one memfd: parameters scaled by fan-in, norm weights around
// one, running variances positive, other float buffers permuted from their constructed values, integer and bool ones as
// constructed. Tensors that share storage share bytes. Sealed against shrinking, growing and writing. At least 64 bytes
// long. A tensor's values depend on the seed, its key, dtype, shape, and nature only.
class WeightArena {
 public:
  // as_constructed: buffers and attributes keep their constructed values (one trial does; RULES §3).
  // Throws Error(infrastructure) when the weights do not fit the machine's memory.
  static WeightArena fill(const ModelDescription& original, std::uint64_t seed, bool as_constructed = false);
  // The same places in a file of zeros that takes no memory: for models to hold while the values to come are made.
  static WeightArena hollow(const WeightArena& like);
  WeightArena(WeightArena&&) noexcept;
  WeightArena& operator=(WeightArena&&) noexcept;
  ~WeightArena();

  int fd() const { return fd_; }
  std::uint64_t bytes() const { return bytes_; }
  // Equal for two arenas of one description with equal values.
  const std::string& origin() const { return origin_; }
  // Byte offset of an original tensor's first element. Throws std::out_of_range.
  std::uint64_t offset(const std::string& original_key) const;
  // [{"key":refactored key,"offset":bytes,"dtype":...,"shape":[...],"strides":[...]}, ...] for a job's `weights`
  // command; strides (in elements) only where the tensor is not contiguous. Refactored tensors without a target are
  // left out.
  Json entries_for_original(const ModelDescription& original) const;
  Json entries_for_refactored(const ModelDescription& refactored, const WeightMap& map) const;

 private:
  WeightArena() = default;
  struct Place {
    std::uint64_t offset = 0;
    std::vector<std::int64_t> strides;  // empty: contiguous
  };
  int fd_ = -1;
  std::uint64_t bytes_ = 0;
  std::string origin_;
  std::map<std::string, Place> places_;
};

}  // namespace decomp
