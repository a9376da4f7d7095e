#include "checks/tree_tensors.h"

#include <algorithm>

#include "core/rules.h"

namespace decomp {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + (shape[i] < 0 ? std::string("*") : std::to_string(shape[i]));
  return text + "]";
}

}  // namespace

std::string plain_dtype(const std::string& word) {
  const std::string name = word.rfind("torch.", 0) == 0 ? word.substr(6) : word;
  const Json& codes = rule_data("names").at("dtypes");
  const auto code = codes.find(name);
  return code == codes.end() ? name : code->get<std::string>();
}

std::vector<DeclaredTreeTensor> declared_tensors(const Json& shapes, const Json& dtypes) {
  std::vector<DeclaredTreeTensor> all;
  for (const auto& [name, shape] : shapes.items()) {
    if (!shape.is_array()) continue;
    DeclaredTreeTensor tensor{name, shape.get<std::vector<std::int64_t>>(), "", false};
    if (const auto dtype = dtypes.find(name); dtype != dtypes.end() && dtype->is_string()) tensor.dtype = plain_dtype(dtype->get<std::string>());
    all.push_back(std::move(tensor));
  }
  for (const auto& [name, dtype] : dtypes.items())
    if (!shapes.contains(name) && dtype.is_string()) all.push_back({name, std::nullopt, plain_dtype(dtype.get<std::string>()), true});
  return all;
}

bool agrees(const DeclaredTreeTensor& declared, const TensorShape& ran) {
  if (!declared.dtype.empty() && declared.dtype != ran.dtype) return false;
  if (!declared.shape) return true;
  if (declared.shape->size() != ran.shape.size()) return false;
  for (std::size_t i = 0; i < ran.shape.size(); ++i)
    if (ran.shape[i] >= 0 && (*declared.shape)[i] != ran.shape[i]) return false;
  return true;
}

std::optional<std::size_t> mismatch(const std::vector<DeclaredTreeTensor>& declared, const std::vector<TreeTensor>& ran) {
  if (declared.empty() && !ran.empty()) return 0;
  std::vector<bool> taken(ran.size());
  std::vector<std::size_t> open;
  for (std::size_t d = 0; d < declared.size(); ++d) {
    const auto named = std::find_if(ran.begin(), ran.end(), [&](const TreeTensor& t) { return !t.name.empty() && t.name == declared[d].name; });
    if (named == ran.end()) {
      open.push_back(d);
      continue;
    }
    if (!agrees(declared[d], named->tensor)) return d;
    taken[static_cast<std::size_t>(named - ran.begin())] = true;
  }
  // Other names say nothing, and writers may sort them: each takes the first that is left and agrees.
  for (std::size_t d : open) {
    std::size_t r = 0;
    while (r < ran.size() && (taken[r] || !agrees(declared[d], ran[r].tensor))) ++r;
    if (r == ran.size()) return d;
    taken[r] = true;
  }
  return std::nullopt;
}

std::string tensor_text(const TensorShape& tensor) { return tensor.dtype + " " + shape_text(tensor.shape); }

std::string declared_text(const DeclaredTreeTensor& declared) {
  return declared.dtype + (declared.dtype.empty() || !declared.shape ? "" : " ") + (declared.shape ? shape_text(*declared.shape) : "");
}

}  // namespace decomp
