// The tree's children against the components that ran in the steps.

#include <algorithm>

#include "checks/tree_view.h"

namespace decomp {
namespace {

std::string first_path(const TreeView& view, const std::string& identity) {
  for (const TreeFile& file : view.facts().files)
    if (file.identity == identity) return file.path;
  return "";
}

std::string paths_of(const TreeStep& step, const std::string& identity) {
  std::string text;
  for (const TreeInstance& instance : step.instances)
    if (instance.identity == identity) text += (text.empty() ? "`" : ", `") + instance.path + "`";
  return text;
}

}  // namespace

void check_tree_children(const TreeView& view, std::vector<Finding>& findings) {
  const auto add = [&](const std::string& pointer, const std::string& message, const std::string& help) {
    findings.push_back(view.finding("tree-children", pointer, message, help));
  };
  if (const TreeNode* root = view.root(); root != nullptr && root->file != nullptr && !root->file->identity.empty() && !view.facts().model.empty() &&
                                          std::find(view.facts().model.begin(), view.facts().model.end(), root->file->identity) == view.facts().model.end())
    add(root->pointer("path"), "the root `" + root->key + "` is " + root->path + ", which is not the source model", "Name the source model's own file as the root.");
  for (const TreeNode& node : view.nodes()) {
    if (node.step == nullptr) continue;  // custody says what has no step
    std::map<std::string, std::size_t> listed;  // by identity
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const TreeNode* child = view.find(node.children[i]);
      if (child == nullptr || child->file == nullptr || child->file->identity.empty()) continue;
      ++listed[child->file->identity];
      const auto ran = std::count_if(node.step->instances.begin(), node.step->instances.end(), [&](const TreeInstance& t) { return t.identity == child->file->identity; });
      if (ran == 0)
        add(node.pointer("children") + "/" + std::to_string(i), "`" + node.key + "` has a child `" + child->key + "` (" + child->path + "), which " + node.step->shown + " does not use",
            "List the components that the step is made of.");
    }
    std::map<std::string, std::size_t> ran;
    for (const TreeInstance& instance : node.step->instances) ++ran[instance.identity];
    for (const auto& [identity, instances] : ran) {
      const std::string path = first_path(view, identity);
      const std::size_t nodes = listed.count(identity) != 0 ? listed.at(identity) : 0;
      // One node may stand for all instances.
      if (path.empty() || nodes == instances || nodes == 1) continue;
      add(node.pointer("children"), "`" + node.key + "` has " + (nodes == 0 ? "no child" : std::to_string(nodes) + " children") + " of " + path + "; " + node.step->shown +
          " has " + std::to_string(instances) + (instances == 1 ? " instance: " : " instances: ") + paths_of(*node.step, identity), "List one node per instance, or one for all.");
    }
  }
}

}  // namespace decomp
