#include "tensor/wrapper_weights.h"

#include <algorithm>
#include <map>
#include <set>

namespace decomp {
namespace {

constexpr int least_percent = 95;

bool in_state_dict(const TensorEntry& t) {
  return t.kind == TensorEntry::Kind::parameter || (t.kind == TensorEntry::Kind::buffer && t.persistent);
}

bool starts_with(const std::string& text, const std::string& start) { return text.compare(0, start.size(), start) == 0; }

// `part` of `whole` after a dot: what stands before it, dot included.
std::string front_of(const std::string& whole, const std::string& part) {
  if (whole.size() <= part.size() + 1 || whole.compare(whole.size() - part.size(), part.size(), part) != 0) return "";
  const std::size_t front = whole.size() - part.size();
  return whole[front - 1] == '.' ? whole.substr(0, front) : "";
}

ModelDescription held(const ModelDescription& model) {
  ModelDescription kept;
  for (const TensorEntry& t : model.tensors)
    if (in_state_dict(t)) kept.tensors.push_back(t);
  return kept;
}

}  // namespace

std::string PrefixRule::apply(const std::string& native_key) const {
  if (!added.empty()) return added + native_key;
  return !stripped.empty() && starts_with(native_key, stripped) ? native_key.substr(stripped.size()) : native_key;
}

PrefixRule common_prefix(const ModelDescription& native, const ModelDescription& wrapper) {
  std::map<std::string, std::vector<const TensorEntry*>> by_last;  // of the wrapper
  auto last_of = [](const std::string& key) { return key.substr(key.rfind('.') + 1); };
  for (const TensorEntry& w : wrapper.tensors) by_last[last_of(w.key)].push_back(&w);
  std::map<std::pair<std::string, std::string>, int> votes;
  int equal = 0;
  for (const TensorEntry& n : native.tensors)
    for (const TensorEntry* w : by_last[last_of(n.key)]) {
      if (w->shape != n.shape || w->dtype != n.dtype) continue;
      if (w->key == n.key) ++equal;
      if (const std::string added = front_of(w->key, n.key); !added.empty()) ++votes[{added, ""}];
      if (const std::string stripped = front_of(n.key, w->key); !stripped.empty()) ++votes[{"", stripped}];
    }
  PrefixRule best;
  int most = equal;
  for (const auto& [rule, count] : votes)
    if (count > most) {
      most = count;
      best = {rule.first, rule.second};
    }
  return best;
}

bool WrapperMap::enough() const {
  return native_mapped * 100 > least_percent * native_parameters && wrapper_mapped * 100 > least_percent * wrapper_parameters;
}

WrapperMap map_wrapper_weights(const ModelDescription& native, const ModelDescription& wrapper) {
  WrapperMap result;
  const ModelDescription ours = held(native), theirs = held(wrapper);
  result.prefix = common_prefix(ours, theirs);
  ModelDescription renamed = ours;
  std::map<std::string, std::string> true_name;
  std::set<std::string> taken;
  for (const TensorEntry& t : ours.tensors) taken.insert(t.key);
  for (TensorEntry& t : renamed.tensors) {
    const std::string key = result.prefix.apply(t.key);
    if (key != t.key && !result.prefix.stripped.empty() && taken.count(key) != 0) {  // the name without the prefix is another tensor's
      true_name[t.key] = t.key;
      continue;
    }
    true_name[key] = t.key;
    t.key = key;
  }
  result.map = map_weights(renamed, theirs, nullptr);
  std::set<std::string> mapped;  // native keys
  for (auto& [key, target] : result.map.by_refactored) {
    if (target.how == "equal name" && true_name.at(target.original) != target.original) target.how = "prefix";
    target.original = true_name.at(target.original);
    mapped.insert(target.original);
  }
  const std::set<std::string> left(result.map.unmapped_original.begin(), result.map.unmapped_original.end());
  for (const TensorEntry& t : ours.tensors) {
    // Of tied tensors one is enough.
    const bool done = mapped.count(t.key) != 0 || left.count(result.prefix.apply(t.key)) + left.count(t.key) == 0;
    if (!done) result.native_left.push_back(t.key);
    if (t.kind != TensorEntry::Kind::parameter) continue;
    ++result.native_parameters;
    result.native_mapped += done ? 1 : 0;
  }
  for (const TensorEntry& t : theirs.tensors) {
    const bool done = result.map.by_refactored.count(t.key) != 0;
    if (!done) result.wrapper_left.push_back(t.key);
    if (t.kind != TensorEntry::Kind::parameter) continue;
    ++result.wrapper_parameters;
    result.wrapper_mapped += done ? 1 : 0;
  }
  return result;
}

}  // namespace decomp
