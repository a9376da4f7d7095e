// The shapes and dtypes of the tree against what really went in and out.

#include <algorithm>
#include <optional>

#include "checks/tree_tensors.h"
#include "checks/tree_view.h"

namespace decomp {
namespace {

struct Side {
  const char* shapes;
  const char* dtypes;
  const char* verb;
};
constexpr Side inputs{"input_shapes", "input_dtypes", "receives"};
constexpr Side outputs{"output_shapes", "output_dtypes", "returns"};

// What one node may be: an instance of its parent's step, or the whole of its own.
struct Candidate {
  std::string name;
  const std::vector<TreeTensor>*inputs, *outputs;
};

class Shapes {
 public:
  Shapes(const TreeView& view, std::vector<Finding>& findings) : view_(view), findings_(findings) {}

  void check() {
    for (const TreeNode& node : view_.nodes()) {
      const std::vector<Candidate> candidates = candidates_of(node);
      if (candidates.empty()) continue;
      const Declared in = declared(node, inputs), out = declared(node, outputs);
      const auto fits = [&](const Candidate& c) { return !mismatch(in, *c.inputs) && !mismatch(out, *c.outputs); };
      if (std::any_of(candidates.begin(), candidates.end(), fits)) continue;
      // The candidate that comes nearest tells what is wrong.
      const Candidate* nearest = &candidates.front();
      for (const Candidate& c : candidates)
        if (!mismatch(in, *c.inputs) || !mismatch(out, *c.outputs)) {
          nearest = &c;
          break;
        }
      const Severity severity = fits_elsewhere(node, in, out) ? Severity::warning : Severity::error;
      tell(node, inputs, in, *nearest, *nearest->inputs, candidates.size(), severity);
      tell(node, outputs, out, *nearest, *nearest->outputs, candidates.size(), severity);
    }
  }

 private:
  using Declared = std::vector<DeclaredTreeTensor>;

  std::vector<Candidate> candidates_of(const TreeNode& node) const {
    std::vector<Candidate> all;
    if (node.parents.empty() && node.step != nullptr && node.step->recorded) all.push_back({node.step->shown, &node.step->inputs, &node.step->outputs});
    for (const std::string& key : node.parents) {
      const TreeNode& parent = *view_.find(key);
      for (std::size_t i : view_.instances(parent, node)) {
        const TreeInstance& instance = parent.step->instances[i];
        if (instance.recorded) all.push_back({"`" + instance.path + "` in " + parent.step->shown, &instance.inputs, &instance.outputs});
      }
    }
    return all;
  }

  // One file serves many instances, and a node may speak of the file: its shapes are then another instance's.
  bool fits_elsewhere(const TreeNode& node, const Declared& in, const Declared& out) const {
    if (node.file == nullptr || node.file->identity.empty()) return false;
    for (const TreeStep& step : view_.facts().steps)
      for (const TreeInstance& instance : step.instances)
        if (instance.recorded && instance.identity == node.file->identity && !mismatch(in, instance.inputs) && !mismatch(out, instance.outputs)) return true;
    return false;
  }

  static Declared declared(const TreeNode& node, const Side& side) { return declared_tensors(node.json->at(side.shapes), node.json->at(side.dtypes)); }

  void tell(const TreeNode& node, const Side& side, const Declared& said, const Candidate& candidate, const std::vector<TreeTensor>& ran, std::size_t others, Severity severity) {
    const auto wrong = mismatch(said, ran);
    if (!wrong) return;
    std::string list;
    for (const TreeTensor& t : ran) list += (list.empty() ? "" : ", ") + (t.name.empty() ? "" : t.name + " ") + tensor_text(t.tensor);
    const DeclaredTreeTensor* tensor = *wrong < said.size() ? &said[*wrong] : nullptr;
    const char* member = tensor != nullptr && !tensor->by_dtype ? side.shapes : side.dtypes;
    std::string pointer = node.pointer(tensor != nullptr ? member : side.shapes);
    if (tensor != nullptr) pointer += pointer_part(tensor->name);
    Finding finding = view_.finding(
        "tree-shape", pointer,
        "`" + node.key + "` " + side.verb + " " + (tensor != nullptr ? "`" + tensor->name + "` " + declared_text(*tensor) + " by the tree" : "nothing by the tree") + "; " +
            candidate.name + (others > 1 ? ", the nearest of " + std::to_string(others) + " instances," : "") + " " + side.verb + " " + (list.empty() ? "no tensor" : list),
        "Write the shapes and dtypes that the component works on.");
    finding.severity = severity;
    findings_.push_back(std::move(finding));
  }

  const TreeView& view_;
  std::vector<Finding>& findings_;
};

}  // namespace

void check_tree_shapes(const TreeView& view, std::vector<Finding>& findings) { Shapes(view, findings).check(); }

}  // namespace decomp
