// Stages 2 and 3 of the weight map: equal names, then paths. Both only where the answer is unique.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tensor/weight_map_state.h"

namespace decomp {
namespace {

// "layers.0.up.weight": components layers, 0, up; last part weight.
struct Path {
  std::vector<std::string> modules;
  std::string last;
};

Path split(const std::string& key) {
  Path path;
  std::size_t start = 0;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', start)) {
    path.modules.push_back(key.substr(start, dot - start));
    start = dot + 1;
  }
  path.last = key.substr(start);
  return path;
}

bool is_index(const std::string& component) {
  return !component.empty() && component.find_first_not_of("0123456789") == std::string::npos;
}

// Pairs (original, refactored) that a relation proposes. Only pairs whose both ends have no other proposal are taken.
class Proposals {
 public:
  void add(std::size_t original, std::size_t refactored) {
    pairs_.emplace_back(original, refactored);
    ++original_count_[original];
    ++refactored_count_[refactored];
  }
  void accept(MapState& state) const {
    for (const auto& [o, r] : pairs_)
      if (original_count_.at(o) == 1 && refactored_count_.at(r) == 1) state.assign(r, o, "path");
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::unordered_map<std::size_t, int> original_count_;
  std::unordered_map<std::size_t, int> refactored_count_;
};

using Paths = std::unordered_map<std::size_t, Path>;

Paths split_free(const MapState::Side& side) {
  Paths paths;
  for (const std::size_t i : side.free()) paths.emplace(i, split(side.tensors[i].key));
  return paths;
}

// Everything that must be equal, and the first `count` modules, as one string.
std::string prefix_key(const TensorEntry& entry, const Path& path, std::size_t count) {
  std::string key = signature(entry) + "|" + path.last;
  for (std::size_t i = 0; i < count; ++i) key += "." + path.modules[i];
  return key;
}

// Components added or removed at the end. Each tensor proposes the deepest tensor of the other side whose module path
// is the beginning of its own: the nearest is the one that a child was built for.
void map_prefixes(MapState& state) {
  const Paths originals = split_free(state.original);
  const Paths refactoreds = split_free(state.refactored);
  const auto by_path = [](const MapState::Side& side, const Paths& paths) {
    std::unordered_map<std::string, std::size_t> found;
    for (const auto& [i, path] : paths) found.emplace(prefix_key(side.tensors[i], path, path.modules.size()), i);
    return found;
  };
  const auto original_paths = by_path(state.original, originals);
  const auto refactored_paths = by_path(state.refactored, refactoreds);
  Proposals proposals;
  for (const auto& [r, path] : refactoreds) {
    for (std::size_t count = path.modules.size() + 1; count-- > 0;) {
      const auto found = original_paths.find(prefix_key(state.refactored.tensors[r], path, count));
      if (found == original_paths.end()) continue;
      proposals.add(found->second, r);
      break;
    }
  }
  for (const auto& [o, path] : originals) {
    for (std::size_t count = path.modules.size(); count-- > 0;) {  // strictly shorter: equal paths were proposed above
      const auto found = refactored_paths.find(prefix_key(state.original.tensors[o], path, count));
      if (found == refactored_paths.end()) continue;
      proposals.add(o, found->second);
      break;
    }
  }
  proposals.accept(state);
}

bool is_subsequence(const std::vector<std::string>& inner, const std::vector<std::string>& outer) {
  std::size_t next = 0;
  for (const std::string& component : outer)
    if (next < inner.size() && inner[next] == component) ++next;
  return next == inner.size();
}

bool share_a_name(const Path& a, const Path& b) {
  return std::any_of(a.modules.begin(), a.modules.end(), [&](const std::string& component) {
    return !is_index(component) && std::find(b.modules.begin(), b.modules.end(), component) != b.modules.end();
  });
}

struct Bucket {
  std::vector<std::size_t> originals;
  std::vector<std::size_t> refactoreds;
};

// Free tensors by everything that must be equal and by the indices in their paths: layer 0 is never taken for layer 1.
std::unordered_map<std::string, Bucket> buckets(const MapState& state, const Paths& originals,
                                                const Paths& refactoreds) {
  std::unordered_map<std::string, Bucket> found;
  const auto bucket_key = [](const TensorEntry& entry, const Path& path) {
    std::string key = prefix_key(entry, path, 0);
    for (const std::string& component : path.modules)
      if (is_index(component)) key += "." + component;
    return key;
  };
  for (const auto& [o, path] : originals) found[bucket_key(state.original.tensors[o], path)].originals.push_back(o);
  for (const auto& [r, path] : refactoreds)
    found[bucket_key(state.refactored.tensors[r], path)].refactoreds.push_back(r);
  return found;
}

void map_contained_paths(MapState& state) {
  // Every pair of a bucket is tried; larger buckets have no unique answer in practice, and order of first use has.
  constexpr std::size_t max_pairs = 1'000'000;
  const Paths originals = split_free(state.original);
  const Paths refactoreds = split_free(state.refactored);
  Proposals proposals;
  for (const auto& [unused, bucket] : buckets(state, originals, refactoreds)) {
    if (bucket.originals.size() * bucket.refactoreds.size() > max_pairs) continue;
    for (const std::size_t o : bucket.originals) {
      for (const std::size_t r : bucket.refactoreds) {
        const Path& a = originals.at(o);
        const Path& b = refactoreds.at(r);
        if (share_a_name(a, b) && (is_subsequence(a.modules, b.modules) || is_subsequence(b.modules, a.modules)))
          proposals.add(o, r);
      }
    }
  }
  proposals.accept(state);
}

void map_lone_relatives(MapState& state) {
  const Paths originals = split_free(state.original);
  const Paths refactoreds = split_free(state.refactored);
  for (const auto& [unused, bucket] : buckets(state, originals, refactoreds)) {
    if (bucket.originals.size() != 1 || bucket.refactoreds.size() != 1) continue;
    const std::size_t o = bucket.originals[0];
    const std::size_t r = bucket.refactoreds[0];
    if (share_a_name(originals.at(o), refactoreds.at(r))) state.assign(r, o, "path");
  }
}

}  // namespace

void map_equal_names(MapState& state) {
  for (const std::size_t r : state.refactored.free()) {
    const TensorEntry& tensor = state.refactored.tensors[r];
    const auto o = state.original.find(tensor.key);
    if (!o || state.original.taken[*o]) continue;
    const TensorEntry& same = state.original.tensors[*o];
    if (same.shape == tensor.shape && same.dtype == tensor.dtype) state.assign(r, *o, "equal name");
  }
}

void map_paths(MapState& state) {
  map_prefixes(state);
  map_contained_paths(state);
  map_lone_relatives(state);
}

}  // namespace decomp
