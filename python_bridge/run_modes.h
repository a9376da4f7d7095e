#pragma once
// Another mode, dtype of floats, or default dtype for one run of a model; all is put back at the end.

#include <ATen/core/Tensor.h>

#include <utility>
#include <vector>

#include "core/json.h"
#include "describe.h"
#include "embed.h"

namespace decomp::bridge {

class RunModes {
 public:
  // `run`: the command ("training", "cast", "wide_default"). `given`: the tensors of its arguments, whose floats are cast for good.
  // Throws JudgedError where the model's own train() fails.
  RunModes(const Json& run, PyObject* model, const DescribedModel& description, std::vector<at::Tensor>& given);
  ~RunModes();
  RunModes(const RunModes&) = delete;
  RunModes& operator=(const RunModes&) = delete;

 private:
  PyObject* model_;  // borrowed
  bool training_ = false;
  bool wide_default_ = false;
  std::vector<std::pair<at::Tensor, at::Tensor>> data_;     // a weight, what it was
  std::vector<std::pair<at::Tensor, at::Tensor>> content_;  // a buffer, a copy of its values
};

}  // namespace decomp::bridge
