// The tree's numbers, counted again: its own nodes, and the recorded instances of its kernels.

#include <algorithm>
#include <set>

#include "checks/levels.h"
#include "checks/tree_view.h"

namespace decomp {
namespace {

std::string nodes_words(std::size_t count) { return std::to_string(count) + (count == 1 ? " node" : " nodes"); }

// 1 for a count that an honest author may write: the nodes of a path that has several; else, or as well, what was recorded.
bool may_say(std::uint64_t said, std::size_t nodes, const RecordedUse* use) {
  if (use == nullptr) return nodes == 1 || said == nodes;  // nothing was recorded: what one node stands for is not known
  const auto is = [said](std::int64_t number) { return number >= 0 && said == static_cast<std::uint64_t>(number); };
  return (nodes > 1 && said == nodes) || is(use->instances) || is(use->calls);
}

// Of two files that hold one code nobody can tell whose a recorded instance was.
bool is_copied(const TreeView& view, const TreeFile& file) {
  const auto& files = view.facts().files;
  return std::count_if(files.begin(), files.end(), [&](const TreeFile& other) { return other.identity == file.identity; }) > 1;
}

// What the nodes of one path say together: each may count the instances that it stands for.
std::uint64_t said_in_all(const TreeView& view, const std::string& path) {
  std::uint64_t sum = 0;
  for (const TreeNode& node : view.nodes())
    if (node.path == path) sum += node.json->value("instance_count", std::uint64_t{1});
  return sum;
}

}  // namespace

void check_tree_counts(const TreeView& view, std::vector<Finding>& findings) {
  const Json& metadata = view.document().value.at("metadata");
  // Components are nodes; who counts what the nodes stand for, by their instance_count, counts truly as well.
  const auto instances = [&](const std::string& level) {
    std::uint64_t sum = 0;
    for (const TreeNode& node : view.nodes())
      if (level.empty() || node.level == level) sum += node.json->value("instance_count", std::uint64_t{1});
    return sum;
  };
  const auto count = [&](const std::string& pointer, const Json& said, std::size_t found, const std::string& what, const std::string& rest, std::uint64_t also) {
    if (said.get<std::uint64_t>() != found && said.get<std::uint64_t>() != also)
      findings.push_back(view.finding("tree-count", pointer, what + " is " + std::to_string(said.get<std::uint64_t>()) + "; " + rest, "Write " + std::to_string(found) + "."));
  };
  const std::size_t nodes = view.nodes().size();
  count("/metadata/total_components", metadata.at("total_components"), nodes, "total_components", "the tree has " + nodes_words(nodes), instances(""));
  const Json& by_level = metadata.at("by_level");
  std::set<std::string> kernels;
  for (int level = 3; level >= 0; --level) {
    const std::string word = level_word(level);
    std::size_t found = 0;
    for (const TreeNode& node : view.nodes()) {
      if (node.level != word) continue;
      ++found;
      if (level == 0) kernels.insert(node.path);
    }
    if (by_level.contains(word))
      count("/metadata/by_level/" + word, by_level.at(word), found, "by_level." + word, "the tree has " + nodes_words(found) + " of this level", instances(word));
    else if (found > 0)
      findings.push_back(view.finding("tree-count", "/metadata/by_level", "by_level does not count the " + nodes_words(found) + " of level " + word,
                                      "Write \"" + word + "\": " + std::to_string(found) + "."));
  }
  count("/metadata/unique_kernels", metadata.at("unique_kernels"), kernels.size(), "unique_kernels",
        "the tree's kernels have " + std::to_string(kernels.size()) + (kernels.size() == 1 ? " path" : " distinct paths"), kernels.size());

  const TreeNode* root = view.root();
  std::map<std::string, RecordedUse> uses;
  if (root != nullptr && root->step != nullptr) uses = recorded_uses(view.facts().steps, root->step->identity);
  for (const TreeNode& node : view.nodes()) {
    const auto said = node.json->find("instance_count");
    if (said == node.json->end()) continue;
    const std::size_t same = view.nodes_at(node.path);
    const auto use = node.file == nullptr || is_copied(view, *node.file) ? uses.end() : uses.find(node.file->identity);
    const std::uint64_t number = said->get<std::uint64_t>();
    if (may_say(number, same, use == uses.end() ? nullptr : &use->second)) continue;
    if (said_in_all(view, node.path) == (use == uses.end() ? same : static_cast<std::uint64_t>(use->second.instances))) continue;
    std::string message = "instance_count of `" + node.key + "` is " + std::to_string(number) + "; " + nodes_words(same) + " of the tree " + (same == 1 ? "has" : "have") + " the path " + node.path;
    std::size_t right = same;
    if (use != uses.end()) {
      message += ", and " + std::to_string(use->second.instances) + (use->second.instances == 1 ? " instance" : " instances") + " with " + std::to_string(use->second.calls) +
                 (use->second.calls == 1 ? " call" : " calls") + " in one run of the model " + (use->second.instances == 1 ? "was" : "were") + " recorded";
      if (same == 1) right = static_cast<std::size_t>(use->second.calls);
    }
    findings.push_back(view.finding("tree-count", node.pointer("instance_count"), message, "Write " + std::to_string(right) + "."));
  }
}

}  // namespace decomp
