#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_set>

#include "core/wire.h"
#include "tensor/dtype.h"
#include "tensor/weights.h"

namespace decomp {
namespace {

constexpr std::size_t max_tensors = 1'000'000;
constexpr std::size_t max_key_bytes = 4096;
constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

bool has(const Json& node, const char* name) { return node.find(name) != node.end() && !node[name].is_null(); }

TensorEntry::Kind kind_of(const std::string& name) {
  if (name == "parameter") return TensorEntry::Kind::parameter;
  if (name == "buffer") return TensorEntry::Kind::buffer;
  if (name == "attribute") return TensorEntry::Kind::attribute;
  refuse("\"" + wire::clipped(name) + "\" is no kind of tensor");
}

// As torch sees it: strides of dimensions of size one, and all strides of an empty tensor, mean nothing.
bool is_contiguous(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  if (strides.empty()) return true;
  std::int64_t expected = 1;
  bool contiguous = true;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 0) return true;
    contiguous = contiguous && (shape[i] == 1 || strides[i] == expected);
    expected *= shape[i];
  }
  return contiguous;
}

void check_memory(const TensorEntry& entry, std::size_t element_bytes) {
  const std::int64_t contiguous = wire::contiguous_bytes(entry.shape, element_bytes);
  const auto bytes = static_cast<std::int64_t>(element_bytes);
  const std::int64_t extent =
      entry.strides.empty() ? contiguous / bytes : wire::strided_extent(entry.shape, entry.strides);
  std::int64_t end = 0;
  if (__builtin_add_overflow(entry.storage_offset, extent, &end) || __builtin_mul_overflow(end, bytes, &end))
    refuse("it reaches further than can be addressed");
}

TensorEntry decode_entry(const Json& node, const std::shared_ptr<MappedFile>& file) {
  TensorEntry entry;
  entry.kind = kind_of(wire::text(node, "kind"));
  entry.dtype = dtype_from_name(wire::text(node, "dtype"));
  entry.shape = wire::dimensions(node, "shape");
  if (has(node, "strides")) {
    entry.strides = wire::dimensions(node, "strides");
    if (entry.strides.size() != entry.shape.size())
      refuse(std::to_string(entry.strides.size()) + " strides for " + std::to_string(entry.shape.size()) +
             " dimensions");
  }
  entry.storage = wire::integer(node, "storage", 0, any);
  entry.storage_offset = wire::integer(node, "storage_offset", 0, any);
  entry.persistent = wire::boolean(node, "persistent");
  entry.owner = wire::text(node, "owner");
  if (has(node, "constant")) {
    // NaN and infinity have no JSON; a parameter constructed from them is no constant worth keeping.
    if (!node["constant"].is_number()) refuse("\"constant\" is no number");
    entry.constant = node["constant"].get<double>();
    if (!std::isfinite(*entry.constant)) refuse("\"constant\" is not finite");
  }
  if (has(node, "first_use")) entry.first_use = wire::integer(node, "first_use", 0, any);

  const DtypeInfo& dtype = dtype_info(entry.dtype);
  check_memory(entry, dtype.bytes);
  constexpr double exact = 9007199254740992.0;  // 2^53: up to it every integer is a double
  if (entry.constant && !is_floating(dtype.kind) && (std::trunc(*entry.constant) != *entry.constant || std::fabs(*entry.constant) > exact))
    refuse("\"constant\" is no integer that can be kept");
  if (is_contiguous(entry.shape, entry.strides)) entry.strides.clear();
  if (has(node, "value")) {
    Value value = decode_value(node["value"], file);
    if (value.kind != Value::Kind::tensor) refuse("its value is no tensor");
    if (value.tensor.scalar_type() != entry.dtype || value.tensor.sizes().vec() != entry.shape)
      refuse("its value has another dtype or shape");
    entry.value = std::move(value.tensor);
  }
  const bool refilled = entry.kind == TensorEntry::Kind::parameter && (is_floating(dtype.kind) || entry.constant);
  if (!refilled && !entry.value.defined()) refuse("its constructed value is missing");
  return entry;
}

}  // namespace

bool same_memory(const TensorEntry& a, const TensorEntry& b) {
  if (a.storage != b.storage || a.storage_offset != b.storage_offset || a.dtype != b.dtype || a.shape != b.shape)
    return false;
  for (const std::int64_t size : a.shape)
    if (size == 0) return false;  // no memory to share
  return a.strides == b.strides;
}

const TensorEntry* ModelDescription::find(const std::string& key) const {
  for (const TensorEntry& entry : tensors)
    if (entry.key == key) return &entry;
  return nullptr;
}

ModelDescription decode_description(const Json& reply, const std::shared_ptr<MappedFile>& file) {
  const Json& list = wire::field(reply, "tensors");
  if (!list.is_array()) refuse("\"tensors\" is no list");
  if (list.size() > max_tensors)
    refuse(std::to_string(list.size()) + " tensors, more than " + std::to_string(max_tensors));
  ModelDescription description;
  description.tensors.reserve(list.size());
  std::unordered_set<std::string> keys;
  for (const Json& node : list) {
    const std::string& key = wire::text(node, "key");
    if (key.size() > max_key_bytes)
      refuse("the tensor \"" + wire::clipped(key) + "\" has a name of " + std::to_string(key.size()) + " bytes");
    if (!keys.insert(key).second) refuse("the tensor \"" + wire::clipped(key, 80) + "\" is described twice");
    try {
      description.tensors.push_back(decode_entry(node, file));
    } catch (const std::invalid_argument& e) {
      refuse("tensor \"" + wire::clipped(key, 80) + "\": " + e.what());
    }
    description.tensors.back().key = key;
  }
  return description;
}

}  // namespace decomp
