#pragma once
// Which leaves a result's gradient would reach: the autograd graph is walked, nothing is differentiated.

#include <ATen/core/Tensor.h>

#include <vector>

namespace decomp::bridge {

// The places in `leaves` of those that the graphs of `results` end in, rising. Leaves are told by their TensorImpl.
std::vector<std::int64_t> reached_leaves(const std::vector<at::Tensor>& results, const std::vector<at::Tensor>& leaves);

}  // namespace decomp::bridge
