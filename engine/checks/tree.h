#pragma once
// decomposition_tree.json against the files of the decomposition and against what its steps recorded (RULES §6).

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checks/component_run.h"
#include "checks/document.h"
#include "checks/tree_flow.h"
#include "decomp/finding.h"

namespace decomp {

struct TreeTensor {
  std::string name;    // of forward's parameter, "" where it is not known
  TensorShape tensor;  // a size of -1 is data, and free
};

// One component in a step's refactored model.
struct TreeInstance {
  std::string path;      // "blocks.0"
  std::string identity;  // of its code: equal for copies
  std::int64_t calls = 0;
  bool recorded = false;  // what follows is known
  std::vector<TreeTensor> inputs, outputs;
};

// A step that ran.
struct TreeStep {
  std::string shown;
  std::string identity;  // of its original's code
  std::vector<TreeInstance> instances;
  bool recorded = false;  // what the whole received and returned is known
  std::vector<TreeTensor> inputs, outputs;
  std::vector<TensorShape> between;  // of the parent's own tensors
  Flow flow;                         // between `instances`, in their order
};

// A file of a level folder.
struct TreeFile {
  std::string path;  // from the decomposition's folder: "level_0_kernel/silu_fp32.py"
  int level = 0;
  std::string identity;  // "" where it cannot be told
};

struct TreeFacts {
  std::vector<TreeFile> files;
  std::vector<TreeStep> steps;
  std::vector<std::string> model;  // identities of the source model; empty: not known
};

// Rules tree-id, tree-path, tree-level, tree-children, tree-count, tree-shape, tree-flow. `tree` fits its schema.
std::vector<Finding> check_tree(const Document& tree, const TreeFacts& facts);

// How often each component runs in the whole model, and how many instances it has, by identity; only what the recorded chain of steps
// from `top` reaches.
struct RecordedUse {
  std::int64_t instances = 0, calls = 0;
};
std::map<std::string, RecordedUse> recorded_uses(const std::vector<TreeStep>& steps, const std::string& top);

// Parts of check_tree(), one per file. Nodes are named by their keys.
class TreeView;
void check_tree_structure(const TreeView& view, std::vector<Finding>& findings);
void check_tree_counts(const TreeView& view, std::vector<Finding>& findings);
void check_tree_children(const TreeView& view, std::vector<Finding>& findings);
void check_tree_shapes(const TreeView& view, std::vector<Finding>& findings);
void check_tree_flow(const TreeView& view, std::vector<Finding>& findings);

}  // namespace decomp
