#pragma once
// Tensors as a tree declares them, by name, against recorded ones.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/tree.h"

namespace decomp {

struct DeclaredTreeTensor {
  std::string name;
  std::optional<std::vector<std::int64_t>> shape;  // absent: free
  std::string dtype;                               // "float32"; "" is free
  bool by_dtype = false;  // only the dtypes name it
};

// "torch.float32", "fp32" -> "float32"; the word itself where it is none that decomp knows.
std::string plain_dtype(const std::string& word);

// By name and in order, entries that are no tensors left out.
std::vector<DeclaredTreeTensor> declared_tensors(const Json& shapes, const Json& dtypes);

bool agrees(const DeclaredTreeTensor& declared, const TensorShape& ran);

// The place of the first declared tensor that no recorded one is; nothing when each is one of its own. A list that stops early agrees, an
// empty one beside recorded tensors does not: then the place is one past the last.
std::optional<std::size_t> mismatch(const std::vector<DeclaredTreeTensor>& declared, const std::vector<TreeTensor>& ran);

std::string tensor_text(const TensorShape& tensor);            // "float32 [2, *]"
std::string declared_text(const DeclaredTreeTensor& declared);

}  // namespace decomp
