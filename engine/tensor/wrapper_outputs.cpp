#include "tensor/wrapper_outputs.h"

#include <map>

namespace decomp {
namespace {

struct Leaf {
  std::string path;
  const Value* value;
};

bool is_container(const Value& value) {
  switch (value.kind) {
    case Value::Kind::list:
    case Value::Kind::tuple:
    case Value::Kind::namedtuple:
    case Value::Kind::dataclass:
    case Value::Kind::dict:
      return true;
    default:
      return false;
  }
}

void collect(const Value& value, const std::string& path, std::vector<Leaf>& leaves) {
  if (value.kind == Value::Kind::none) return;
  if (!is_container(value)) {
    leaves.push_back({path, &value});
    return;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i)
    collect(value.items[i], i < value.keys.size() ? path + "." + value.keys[i] : path + "[" + std::to_string(i) + "]", leaves);
}

}  // namespace

AlignedOutputs align_outputs(const Value& native, const Value& wrapper) {
  std::vector<Leaf> ours, theirs;
  collect(native, "output", ours);
  collect(wrapper, "output", theirs);
  AlignedOutputs aligned;
  if (!native.keys.empty() && !wrapper.keys.empty()) {
    std::map<std::string, const Value*> named;
    for (const Leaf& leaf : theirs) named[leaf.path] = leaf.value;
    for (const Leaf& leaf : ours) {
      auto found = named.find(leaf.path);
      if (found == named.end()) {
        aligned.left_out.push_back(leaf.path);
        continue;
      }
      aligned.pairs.push_back({leaf.path, leaf.value, found->second});
      named.erase(found);
    }
    for (const Leaf& leaf : theirs)
      if (named.count(leaf.path) != 0) aligned.unknown.push_back(leaf.path);
    return aligned;
  }
  for (std::size_t i = 0; i < ours.size() || i < theirs.size(); ++i) {
    if (i >= theirs.size())
      aligned.left_out.push_back(ours[i].path);
    else if (i >= ours.size())
      aligned.unknown.push_back(theirs[i].path);
    else
      aligned.pairs.push_back({ours[i].path, ours[i].value, theirs[i].value});
  }
  return aligned;
}

}  // namespace decomp
