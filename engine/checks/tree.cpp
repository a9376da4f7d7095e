#include "checks/tree.h"

#include <algorithm>
#include <set>

#include "checks/tree_view.h"

namespace decomp {
namespace {

constexpr int most_levels = 16;  // steps that take each other apart end here

// "blocks.0.attn" as keys of nodes write it.
std::string as_key(std::string path) {
  std::replace(path.begin(), path.end(), '.', '_');
  return path;
}

bool ends_in_part(const std::string& key, const std::string& part) {
  if (key.size() < part.size() || key.compare(key.size() - part.size(), part.size(), part) != 0) return false;
  return key.size() == part.size() || key[key.size() - part.size() - 1] == '_';
}

class Uses {
 public:
  explicit Uses(const std::vector<TreeStep>& steps) {
    for (const TreeStep& step : steps) by_identity_.emplace(step.identity, &step);
  }
  void count(const std::string& identity, RecordedUse times, int depth) {
    const auto step = by_identity_.find(identity);
    if (step == by_identity_.end() || depth > most_levels) return;
    for (const TreeInstance& instance : step->second->instances) {
      const RecordedUse own{times.instances, times.calls * instance.calls};
      if (instance.identity.empty()) continue;
      uses[instance.identity].instances += own.instances;
      uses[instance.identity].calls += own.calls;
      if (instance.identity != identity) count(instance.identity, own, depth + 1);
    }
  }
  std::map<std::string, RecordedUse> uses;

 private:
  std::map<std::string, const TreeStep*> by_identity_;
};

}  // namespace

std::string TreeNode::pointer(const std::string& member) const {
  return "/nodes" + pointer_part(key) + (member.empty() ? "" : pointer_part(member));
}

TreeView::TreeView(const Document& tree, const TreeFacts& facts) : tree_(tree), facts_(facts) {
  for (const auto& [key, json] : tree.value.at("nodes").items()) {
    TreeNode node{key, &json, json.at("path").get<std::string>(), json.at("level").get<std::string>(), {}, {}, nullptr, nullptr};
    for (const Json& child : json.at("children")) node.children.push_back(child.get<std::string>());
    for (const TreeFile& file : facts.files)
      if (file.path == node.path) node.file = &file;
    if (node.file != nullptr && !node.file->identity.empty())
      for (const TreeStep& step : facts.steps)
        if (step.identity == node.file->identity) {
          node.step = &step;
          break;
        }
    by_key_.emplace(key, nodes_.size());
    nodes_.push_back(std::move(node));
  }
  for (const TreeNode& node : nodes_)
    for (const std::string& child : node.children)
      if (const auto found = by_key_.find(child); found != by_key_.end()) nodes_[found->second].parents.insert(node.key);
}

const TreeNode* TreeView::find(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &nodes_[found->second];
}

const TreeNode* TreeView::root() const {
  const TreeNode* root = nullptr;
  for (const TreeNode& node : nodes_)
    if (node.parents.empty()) {
      if (root != nullptr) return nullptr;
      root = &node;
    }
  return root;
}

std::vector<std::size_t> TreeView::instances(const TreeNode& parent, const TreeNode& child) const {
  std::vector<std::size_t> all, named;
  if (parent.step == nullptr || child.file == nullptr || child.file->identity.empty()) return all;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < parent.step->instances.size(); ++i) {
    const TreeInstance& instance = parent.step->instances[i];
    if (instance.identity != child.file->identity) continue;
    all.push_back(i);
    const std::string key = as_key(instance.path);
    if (!ends_in_part(child.key, key) || key.size() < longest) continue;
    if (key.size() > longest) named.clear();
    longest = key.size();
    named.push_back(i);
  }
  const auto like = std::count_if(parent.children.begin(), parent.children.end(), [&](const std::string& key) {
    const TreeNode* sibling = find(key);
    return sibling != nullptr && sibling->file != nullptr && sibling->file->identity == child.file->identity;
  });
  return named.size() == 1 && like > 1 ? named : all;  // one node alone stands for all
}

std::size_t TreeView::nodes_at(const std::string& path) const {
  return static_cast<std::size_t>(std::count_if(nodes_.begin(), nodes_.end(), [&](const TreeNode& n) { return n.path == path; }));
}

std::map<std::string, RecordedUse> recorded_uses(const std::vector<TreeStep>& steps, const std::string& top) {
  Uses uses(steps);
  uses.uses[top] = {1, 1};
  uses.count(top, {1, 1}, 0);
  return std::move(uses.uses);
}

std::vector<Finding> check_tree(const Document& tree, const TreeFacts& facts) {
  const TreeView view(tree, facts);
  std::vector<Finding> findings;
  check_tree_structure(view, findings);
  const bool sound = findings.empty();
  if (const std::string status = tree.value.at("metadata").value("verification_status", ""); status == "PARTIAL" || status == "FAILED")
    findings.push_back(finding_in(tree, "tree-partial", Severity::error, "/metadata/verification_status", "the decomposition says of itself that it is " + status,
                                  "Take apart what decomposition_analysis.md names, then write PASSED."));
  check_tree_counts(view, findings);
  if (!sound) return findings;  // what follows walks from parent to child
  check_tree_children(view, findings);
  check_tree_shapes(view, findings);
  check_tree_flow(view, findings);
  return findings;
}

}  // namespace decomp
