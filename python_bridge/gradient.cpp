#include "gradient.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <map>
#include <set>

namespace decomp::bridge {

std::vector<std::int64_t> reached_leaves(const std::vector<at::Tensor>& results,
                                         const std::vector<at::Tensor>& leaves) {
  std::map<const c10::TensorImpl*, std::int64_t> places;
  for (std::size_t i = 0; i < leaves.size(); ++i)
    places.emplace(leaves[i].unsafeGetTensorImpl(), static_cast<std::int64_t>(i));
  std::set<std::int64_t> reached;
  const auto reach = [&](const at::Tensor& leaf) {
    if (auto found = places.find(leaf.unsafeGetTensorImpl()); found != places.end()) reached.insert(found->second);
  };
  std::vector<torch::autograd::Node*> open;
  std::set<torch::autograd::Node*> seen;
  for (const at::Tensor& result : results) {
    if (!result.defined()) continue;
    if (const auto& made_by = result.grad_fn())
      open.push_back(made_by.get());
    else if (result.requires_grad())
      reach(result);
  }
  while (!open.empty()) {
    torch::autograd::Node* node = open.back();
    open.pop_back();
    if (node == nullptr || !seen.insert(node).second) continue;
    if (auto* leaf = dynamic_cast<torch::autograd::AccumulateGrad*>(node)) reach(leaf->variable);
    for (const torch::autograd::Edge& edge : node->next_edges()) open.push_back(edge.function.get());
  }
  return {reached.begin(), reached.end()};
}

}  // namespace decomp::bridge
