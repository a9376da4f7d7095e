#pragma once
// What a model owns, read natively from the modules' own dictionaries (engine/tensor/weights.h says the wire form).

#include <ATen/core/Tensor.h>
#include <Python.h>

#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "walker.h"

namespace decomp::bridge {

struct DescribedTensor {
  std::string key;
  const char* kind = "parameter";
  at::Tensor tensor;
  bool persistent = true;
  std::string owner;
};

struct DescribedModule {
  std::string path;  // "" for the root
  PyObject* module = nullptr;  // borrowed; the model keeps it alive
  std::string type;
  bool training = false;
};

struct DescribedModel {
  std::vector<DescribedTensor> tensors;
  std::vector<DescribedModule> modules;  // a shared module is listed once, at its first path
};

// Throws UnsupportedValue: a lazy parameter, a tensor subclass, a module cycle.
DescribedModel describe_model(PyObject* model);

// {"tensors":[...],"modules":[{"path","type","training"}]}; constructed values of buffers and attributes go to `sink`.
Json description_json(const DescribedModel& model, TensorSink& sink);

}  // namespace decomp::bridge
