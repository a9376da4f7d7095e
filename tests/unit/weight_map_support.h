#pragma once
// Models described by hand, and their weight maps as lines.

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tensor/weights.h"
#include "tensor_support.h"

namespace decomp::test {

// A description in the making. Keys get a storage each unless told otherwise.
class Model {
 public:
  Model& parameter(const std::string& key, const std::vector<std::int64_t>& shape,
                   const std::string& dtype = "float32") {
    return add(key, "parameter", shape, dtype, "");
  }
  Model& buffer(const std::string& key, const std::vector<std::int64_t>& shape, const std::string& dtype,
                const std::vector<double>& values, bool persistent = true, const char* kind = "buffer") {
    add(key, kind, shape, dtype, encode(dtype, values));
    last()["persistent"] = persistent;
    return *this;
  }
  Model& use(std::int64_t position) {
    last()["first_use"] = position;
    return *this;
  }
  Model& tie(const std::string& key) {
    for (const Json& node : tensors_)
      if (node["key"] == key) last()["storage"] = node["storage"];
    return *this;
  }
  ModelDescription describe() const { return decode_description(Json{{"tensors", tensors_}}, file_.file()); }

 private:
  Model& add(const std::string& key, const char* kind, const std::vector<std::int64_t>& shape, const std::string& dtype,
             const std::string& value) {
    Json node = {{"key", key},
                 {"kind", kind},
                 {"dtype", dtype},
                 {"shape", shape},
                 {"storage", tensors_.size()},
                 {"storage_offset", 0},
                 {"persistent", true},
                 {"owner", "torch.nn.modules.linear.Linear"}};
    if (std::string(kind) != "parameter") node["value"] = file_.add(dtype, shape, value);
    tensors_.push_back(std::move(node));
    return *this;
  }
  Json& last() { return tensors_.back(); }

  Json tensors_ = Json::array();
  TensorFile file_;
};

inline WeightMap map_models(const Model& original, const Model& refactored, const std::string& json = "") {
  const Source source{"step/weight_map.json", "", json, ""};
  return map_weights(original.describe(), refactored.describe(), json.empty() ? nullptr : &source);
}

// "refactored<-original (how)" lines, sorted; rows as [a,b].
inline std::vector<std::string> lines(const WeightMap& map) {
  std::vector<std::string> all;
  for (const auto& [key, target] : map.by_refactored) {
    std::string line = key + "<-" + target.original;
    if (target.row_begin >= 0)
      line += "[" + std::to_string(target.row_begin) + "," + std::to_string(target.row_end) + "]";
    all.push_back(line + " (" + target.how + ")");
  }
  return all;
}

using Lines = std::vector<std::string>;

inline Finding only_finding(const WeightMap& map) {
  for (const Finding& f : map.findings) UNSCOPED_INFO(f.rule << ": " << f.message);
  REQUIRE(map.findings.size() == 1);
  return map.findings[0];
}

inline Lines rules(const WeightMap& map) {
  Lines all;
  for (const Finding& f : map.findings) all.push_back(f.rule);
  return all;
}

using Shape = std::vector<std::int64_t>;
inline const Shape square = {4, 4};

}  // namespace decomp::test
