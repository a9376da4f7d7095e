#pragma once
// Inputs that the host makes from the original's (RULES §3): agent-written get_inputs() never decide alone.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/memfd.h"
#include "tensor/value.h"

namespace decomp {

// How far the values are changed. varied: as rescaled, and what is the same in every trial of get_inputs() too: ones of a mask
// become zeros, flags turn, numbers and index tensors of one value or in order get others below their largest. rescaled: floats permuted, rescaled and, unless all are non-negative, with flipped signs;
// integers and bools permuted among themselves, so that every index stays in range; Python flags negated. permuted: permuted
// only. times_4 to tiny: floats times that, plus 1000, times 1e-8, and nothing else.
enum class InputChange { varied, rescaled, permuted, times_4, times_8, times_16, times_128, shifted, tiny };

struct HostInputs {
  Json tree;       // {"args", "kwargs"}: the trial's trees; an empty tensor's zero sizes have become 2
  bool varied = false;  // holds something that InputChange::varied alone changes
  UniqueFd memfd;  // sealed; invalid when the trees hold no tensor
};

// `trial`: {"args": tree, "kwargs": tree} whose tensors lie in `file`. Deterministic in `seed`.
// Throws std::invalid_argument for a tree that is not what decode_value accepts.
HostInputs make_host_inputs(const Json& trial, const std::shared_ptr<MappedFile>& file, std::uint64_t seed, InputChange change);

// The same tree with each tensor (one that stands twice is asked for once) replaced by what `change` makes of it, and further
// keyword arguments: tensors, numbers, None, and lists, tuples and dicts of these.
HostInputs map_inputs(const Json& trial, const std::shared_ptr<MappedFile>& file, const std::function<at::Tensor(const at::Tensor&)>& change,
                      const std::vector<std::pair<std::string, Value>>& keywords = {});

// No NaN and no infinity in any floating or complex tensor of the tree.
bool all_finite(const Value& value);

}  // namespace decomp
