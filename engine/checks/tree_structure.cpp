// The tree by itself and against the level folders: ids, children, paths, levels.

#include <algorithm>
#include <map>

#include "checks/levels.h"
#include "checks/tree_view.h"

namespace decomp {
namespace {

class Structure {
 public:
  Structure(const TreeView& view, std::vector<Finding>& findings) : view_(view), findings_(findings) {}

  void check() {
    for (const TreeNode& node : view_.nodes()) {
      ids(node);
      path(node);
      levels(node);
    }
    roots();
    cycles();
    files_without_node();
  }

 private:
  void add(const char* rule, const std::string& pointer, const std::string& message, const std::string& help) {
    findings_.push_back(view_.finding(rule, pointer, message, help));
  }

  void ids(const TreeNode& node) {
    const std::string id = node.json->at("id").get<std::string>();
    if (id != node.key) add("tree-id", node.pointer("id"), "the node `" + node.key + "` has the id `" + id + "`", "Give it its own key as id.");
    for (std::size_t i = 0; i < node.children.size(); ++i)
      if (view_.find(node.children[i]) == nullptr)
        add("tree-id", node.pointer("children") + "/" + std::to_string(i), "`" + node.key + "` has a child `" + node.children[i] + "`, and there is no such node",
            "List the keys of nodes as children.");
  }

  void path(const TreeNode& node) {
    if (node.file != nullptr) return;
    const bool in_folder = std::any_of(std::begin(folders_), std::end(folders_), [&](int level) { return node.path.rfind(level_folder(level) + "/", 0) == 0; });
    add("tree-path", node.pointer("path"), "`" + node.key + "` has the path " + node.path + (in_folder ? ", and there is no such file" : ", which is no file of a level folder"),
        "Name the component's file in a level folder, such as level_0_kernel/silu_fp32.py.");
  }

  void levels(const TreeNode& node) {
    const int level = level_number(node.level);
    if (node.file != nullptr && node.file->level != level)
      add("tree-level", node.pointer("level"), "`" + node.key + "` is a " + node.level + " here, and its file lies in " + level_folder(node.file->level) + "/",
          "Say " + level_word(node.file->level) + ", or move the file.");
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const TreeNode* child = view_.find(node.children[i]);
      if (child == nullptr || level_number(child->level) < level) continue;
      add("tree-level", node.pointer("children") + "/" + std::to_string(i),
          "`" + child->key + "` is a " + child->level + ", and so its parent `" + node.key + "`, a " + node.level + ", is not above it",
          "A child's level is below its parent's.");
    }
    if (node.children.empty() && level > 0)
      add("tree-level", node.pointer("children"), "`" + node.key + "` is a " + node.level + " without children: all leaves are kernels",
          "List the components that its step is made of, or make a kernel of it.");
  }

  void roots() {
    std::vector<const TreeNode*> roots;
    for (const TreeNode& node : view_.nodes())
      if (node.parents.empty()) roots.push_back(&node);
    if (roots.empty()) add("tree-id", "/nodes", "every node is a child of another: there is no root", "Begin at the model, which is nobody's child.");
    if (roots.size() < 2) return;
    // The one that is called so, else the highest, is meant; the others hang nowhere.
    const auto meant = std::max_element(roots.begin(), roots.end(), [](const TreeNode* a, const TreeNode* b) {
      return std::pair(a->key == "root", level_number(a->level)) < std::pair(b->key == "root", level_number(b->level));
    });
    for (const TreeNode* node : roots)
      if (node != *meant) add("tree-id", node->pointer(), "`" + node->key + "` is no node's child, as the root `" + (*meant)->key + "` is", "List it among its parent's children, or remove it.");
  }

  // Levels fall from parent to child, so that a cycle is a finding of theirs already, unless it is only told here.
  void cycles() {
    enum State { fresh, open, done };
    std::map<std::string, State> states;
    struct Visit {
      const TreeNode* node;
      std::size_t next;
    };
    for (const TreeNode& start : view_.nodes()) {
      if (states[start.key] != fresh) continue;
      std::vector<Visit> path{{&start, 0}};
      states[start.key] = open;
      while (!path.empty()) {
        Visit& visit = path.back();
        if (visit.next == visit.node->children.size()) {
          states[visit.node->key] = done;
          path.pop_back();
          continue;
        }
        const std::size_t at = visit.next++;
        const TreeNode* child = view_.find(visit.node->children[at]);
        if (child == nullptr || states[child->key] == done) continue;
        if (states[child->key] == open) {
          add("tree-id", visit.node->pointer("children") + "/" + std::to_string(at), "`" + child->key + "` is its own descendant", "A component is no part of itself.");
          continue;
        }
        states[child->key] = open;
        path.push_back({child, 0});
      }
    }
  }

  // Custody speaks of components that nothing uses; the others belong into the tree.
  bool used(const TreeFile& file) const {
    const auto& steps = view_.facts().steps;
    return !file.identity.empty() && std::any_of(steps.begin(), steps.end(), [&](const TreeStep& step) {
      return step.identity == file.identity ||
             std::any_of(step.instances.begin(), step.instances.end(), [&](const TreeInstance& t) { return t.identity == file.identity; });
    });
  }

  void files_without_node() {
    for (const TreeFile& file : view_.facts().files)
      if (view_.nodes_at(file.path) == 0 && used(file))
        add("tree-path", "/nodes", "no node has the path " + file.path, "Add a node for each instance of the component, or delete the file.");
  }

  static constexpr int folders_[] = {0, 1, 2, 3};
  const TreeView& view_;
  std::vector<Finding>& findings_;
};

}  // namespace

void check_tree_structure(const TreeView& view, std::vector<Finding>& findings) { Structure(view, findings).check(); }

}  // namespace decomp
