#pragma once
// decomposition_tree.json and the facts about it, with the look-ups that its checks share.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "checks/tree.h"

namespace decomp {

struct TreeNode {
  std::string key;
  const Json* json = nullptr;
  std::string path, level;
  std::vector<std::string> children;  // as listed
  std::set<std::string> parents;
  const TreeFile* file = nullptr;    // that its path names
  const TreeStep* step = nullptr;    // that takes its component apart
  std::string pointer(const std::string& member = "") const;  // "/nodes/<key>/<member>"
};

class TreeView {
 public:
  TreeView(const Document& tree, const TreeFacts& facts);

  const Document& document() const { return tree_; }
  const TreeFacts& facts() const { return facts_; }
  const std::vector<TreeNode>& nodes() const { return nodes_; }
  const TreeNode* find(const std::string& key) const;
  // The one node that is nobody's child; null where there is none or several.
  const TreeNode* root() const;
  // Which instances of the parent's step a child may be: the one that its key names, else all of its file. Empty where nothing is known.
  std::vector<std::size_t> instances(const TreeNode& parent, const TreeNode& child) const;
  std::size_t nodes_at(const std::string& path) const;

  Finding finding(const std::string& rule, const std::string& pointer, const std::string& message, const std::string& help) const {
    return finding_in(tree_, rule, Severity::error, pointer, message, help);
  }

 private:
  const Document& tree_;
  const TreeFacts& facts_;
  std::vector<TreeNode> nodes_;
  std::map<std::string, std::size_t> by_key_;
};

}  // namespace decomp
