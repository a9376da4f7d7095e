#pragma once
// Python values <-> the wire form of engine/tensor/value.h, in native code that calls no workspace code: exact types are
// read from their own storage, no attribute lookup, no iteration protocol, no operator of a judged object runs.

#include <ATen/core/Tensor.h>
#include <Python.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/json.h"

namespace decomp::bridge {

// A value that cannot be taken: a tensor subclass, a generator, an object of the author's, a sparse tensor, a cycle.
class UnsupportedValue : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Tensors of one reply, laid out in one tensor file at 64-byte aligned offsets.
class TensorSink {
 public:
  // Adds a tensor (detached, conjugate and negative bits resolved, moved to the CPU, made contiguous): its wire node. One tensor
  // that is added twice keeps one place, so that `q is k` survives the way.
  Json add(const at::Tensor& tensor);
  // 0 without tensors; empty tensors still need a file.
  std::uint64_t bytes() const { return tensors_.empty() ? 0 : std::max<std::uint64_t>(bytes_, 64); }
  // Writes all tensors to `fd`. False when the file is too short or the write fails.
  bool write_to(int fd) const;

 private:
  std::vector<std::pair<std::uint64_t, at::Tensor>> tensors_;
  std::map<const c10::TensorImpl*, std::pair<at::Tensor, Json>> added_;  // keeps them alive: no address is used twice
  std::uint64_t bytes_ = 0;
};

// Throws UnsupportedValue naming the place ("output[1].cache") and the type.
Json encode_value(PyObject* value, TensorSink& sink, const std::string& root);

// A private (copy-on-write) mapping of a tensor file.
struct Mapping {
  explicit Mapping(int fd);  // throws std::runtime_error
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  char* data = nullptr;
  std::size_t size = 0;
};

// The tensor at a wire node, aliasing the mapping. `strides` in elements; empty: contiguous. Throws std::invalid_argument when it
// lies outside the mapping.
at::Tensor tensor_at(const std::shared_ptr<Mapping>& mapping, std::uint64_t offset, at::ScalarType dtype,
                     const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides = {});

// The reverse of encode_value, for trees of one mapping (null: without tensors).
class Decoder {
 public:
  // `apart`: nodes of one place become several objects, each with memory of its own.
  explicit Decoder(std::shared_ptr<Mapping> mapping, bool apart = false) : mapping_(std::move(mapping)), apart_(apart) {}
  // New reference. Tensors are views of the mapping and keep it alive; nodes of one place become one object. Throws
  // std::invalid_argument on a wire form that this side cannot rebuild ("other").
  PyObject* decode(const Json& node);

 private:
  std::shared_ptr<Mapping> mapping_;
  bool apart_;
  std::map<std::uint64_t, at::Tensor> tensors_;  // by offset
};

// The attribute dictionary of an instance, borrowed, without attribute lookup; nullptr when it has none.
PyObject* instance_dict(PyObject* object);

}  // namespace decomp::bridge
