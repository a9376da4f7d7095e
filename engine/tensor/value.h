#pragma once
// What a model returned: a tree of tensors and plain Python values, read from a job's reply.
//
// Wire form, a JSON node and one tensor file (memfd) shared by all tensors of the tree:
//   {"k":"tensor","dtype":"float32","shape":[2,3],"offset":0,"nbytes":24}   C-contiguous bytes, offset 64-byte aligned
//   {"k":"list|tuple","items":[...]}          {"k":"namedtuple|dataclass","type":"Out","keys":[...],"items":[...]}
//   {"k":"dict","keys":[...],"items":[...]}   keys are JSON strings "s:name", "i:3", "b:true", "n:", in insertion order
//   {"k":"none"} {"k":"bool","v":true} {"k":"int","v":"12"} {"k":"float","v":"0x1.8p+1|nan|inf|-inf"}
//   {"k":"str","v":"x"}
//   {"k":"complex","v":["0x1p+0","0x0p+0"]}   {"k":"dtype|device|size","v":"torch.float32"}

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/json.h"

namespace decomp {

struct Value {
  enum class Kind {
    tensor,
    list,
    tuple,
    namedtuple,
    dataclass,
    dict,
    none,
    boolean,
    integer,
    real,
    complex,
    string,
    other
  };
  Kind kind = Kind::none;
  at::Tensor tensor;              // kind == tensor: CPU, contiguous, read-only memory
  std::vector<Value> items;       // containers
  std::vector<std::string> keys;  // dict, namedtuple, dataclass: one per item
  std::string type;               // namedtuple, dataclass: class name; other: "dtype", "device" or "size"
  std::string text;               // scalars: "true", "12", hex float, the string; complex: two hex floats and a space
                                  // between; other: its text
};

// A read-only mapping of a sealed memfd. Owns the mapping, not the descriptor. An empty file has data() == nullptr.
class MappedFile {
 public:
  // Throws Error(infrastructure) unless sealed against shrinking and writing.
  static std::shared_ptr<MappedFile> map(int fd);
  ~MappedFile();
  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  MappedFile(const std::byte* data, std::size_t size) : data_(data), size_(size) {}
  const std::byte* data_;
  std::size_t size_;
};

// Decodes a wire tree. Hostile input: every length, offset, dtype and shape is checked against `file`.
// Throws std::invalid_argument with what is wrong (the caller makes it a finding `reply-garbled`): also for more than
// 200 levels, a million values, a key that appears twice. The tensors alias the mapping and keep it alive. `file` may
// be null when the tree has no tensor.
Value decode_value(const Json& node, const std::shared_ptr<MappedFile>& file);

// dtype name <-> at::ScalarType for every dtype of the wire form ("float32", "bfloat16", "float8_e4m3fn", "bool", ...).
// Throws std::invalid_argument for an unknown, quantized or packed one (int4, bits8, float4_e2m1fn_x2).
at::ScalarType dtype_from_name(const std::string& name);
std::string dtype_name(at::ScalarType type);

}  // namespace decomp
