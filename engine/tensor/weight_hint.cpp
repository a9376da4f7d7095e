#include "tensor/weight_hint.h"

#include <algorithm>
#include <functional>

#include "core/json.h"

namespace decomp {
namespace {

using Pair = std::pair<std::string, std::string>;  // an original key, a refactored one

// What follows `module` in the keys of the tensors that lie in it.
std::vector<std::string> tensors_in(const ModelDescription& model, const std::string& module) {
  std::vector<std::string> names;
  for (const TensorEntry& t : model.tensors)
    if (t.key.size() > module.size() + 1 && t.key.compare(0, module.size(), module) == 0 && t.key[module.size()] == '.')
      names.push_back(t.key.substr(module.size()));
  return names;
}

// The pairs of one member, or false where it names nothing on one of the sides.
bool add_pairs(const ModelDescription& original, const ModelDescription& refactored, const std::string& from, const std::string& to, std::vector<Pair>& pairs) {
  if (original.find(from) != nullptr && refactored.find(to) != nullptr) {
    pairs.push_back({from, to});
    return true;
  }
  const std::size_t before = pairs.size();
  for (const std::string& name : tensors_in(original, from))
    if (refactored.find(to + name) != nullptr) pairs.push_back({from + name, to + name});
  return pairs.size() > before;
}

// All members as pairs; nothing where one cannot be read so.
std::optional<std::vector<Pair>> pairs_of(const Json& map, const std::function<bool(const std::string&, const std::string&, std::vector<Pair>&)>& add) {
  std::vector<Pair> pairs;
  for (const auto& [key, value] : map.items()) {
    const Json values = value.is_array() ? value : Json::array({value});
    for (const Json& one : values)
      if (!one.is_string() || !add(key, one.get<std::string>(), pairs)) return std::nullopt;
  }
  return pairs;
}

}  // namespace

WeightHint read_weight_hint(const Source& literal, const ModelDescription& original, const ModelDescription& refactored) {
  const auto parsed = parse_json(literal.bytes);
  const Json* map = std::get_if<Json>(&parsed);
  if (map == nullptr || !map->is_object()) return {};
  const auto is_key = [&](const auto& member) { return original.find(member.key()) != nullptr; };
  std::size_t keys = 0;
  for (const auto& member : map->items()) keys += is_key(member);
  if (keys == map->size()) return {literal, true};
  auto pairs = pairs_of(*map, [&](const std::string& key, const std::string& value, std::vector<Pair>& found) {
    return add_pairs(original, refactored, key, value, found);
  });
  if (!pairs)
    pairs = pairs_of(*map, [&](const std::string& key, const std::string& value, std::vector<Pair>& found) {
      return add_pairs(original, refactored, value, key, found);
    });
  if (!pairs) return keys > 0 ? WeightHint{literal, true} : WeightHint{};  // with a misspelt key it is a map all the same
  Json by_original = Json::object();
  for (const auto& [from, to] : *pairs) by_original[from].push_back(to);
  Source read = literal;
  read.bytes = by_original.dump();
  return {read, false};
}

}  // namespace decomp
