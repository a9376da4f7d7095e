#include "tensor/narrow.h"

namespace decomp {
namespace {

bool is_tensor(const Json& node) { return node.is_object() && node.value("k", "") == "tensor"; }

std::int64_t length(const Json& tensor) { return tensor.at("shape").empty() ? -1 : tensor.at("shape").at(0).get<std::int64_t>(); }

// Along dimension 0 of the first tensor in the tree; -1 without one.
std::int64_t batch_of(const Json& node) {
  if (is_tensor(node)) return length(node);
  if (node.is_structured())
    for (const Json& part : node)
      if (const std::int64_t found = batch_of(part); found != -1) return found;
  return -1;
}

void narrow(Json& node, std::int64_t batch) {
  if (is_tensor(node)) {
    if (length(node) != batch) return;
    node["shape"][0] = 1;
    node["nbytes"] = node.at("nbytes").get<std::int64_t>() / batch;  // C-contiguous: the first entry comes first
  } else if (node.is_structured()) {
    for (Json& part : node) narrow(part, batch);
  }
}

}  // namespace

Json first_sample(const Json& trees) {
  const std::int64_t batch = batch_of(trees);
  if (batch < 2) return nullptr;
  Json smaller = trees;
  narrow(smaller, batch);
  return smaller;
}

}  // namespace decomp
