// The tree's data_flow against the recorded flow: an edge is wrong only if it is untrue (RULES §6).

#include <algorithm>
#include <functional>

#include "checks/tree_tensors.h"
#include "checks/tree_view.h"

namespace decomp {
namespace {

using Route = std::vector<const TreeNode*>;  // from the root to a node

constexpr std::size_t most_routes = 64;  // of a node that stands for many instances; with more, its edges are not judged

class Edges {
 public:
  Edges(const TreeView& view, std::vector<Finding>& findings) : view_(view), findings_(findings) {}

  void check() {
    const Json& edges = view_.document().value.at("data_flow");
    for (std::size_t i = 0; i < edges.size(); ++i) judge(edges[i], "/data_flow/" + std::to_string(i));
  }

 private:
  void add(const std::string& rule, const std::string& pointer, const std::string& message, const std::string& help) {
    findings_.push_back(view_.finding(rule, pointer, message, help));
  }

  void judge(const Json& edge, const std::string& pointer) {
    const TreeNode* ends[2] = {};
    for (int end = 0; end < 2; ++end) {
      const char* member = end == 0 ? "from" : "to";
      const std::string key = edge.at(member).get<std::string>();
      ends[end] = view_.find(key);
      if (ends[end] == nullptr) add("tree-id", pointer + "/" + member, "the edge goes " + std::string(member) + " `" + key + "`, and there is no such node", "Name the key of a node.");
    }
    if (ends[0] == nullptr || ends[1] == nullptr || ends[0] == ends[1]) return;
    const std::vector<Route> from = routes(*ends[0]), to = routes(*ends[1]);
    if (from.empty() || to.empty()) return;
    std::vector<TensorShape> tensors;  // that the edge may mean
    bool true_edge = false, known = true;
    for (const Route& a : from)
      for (const Route& b : to) {
        if (!flows(a, b)) continue;
        true_edge = true;
        known = collect(a, b, tensors) && known;
      }
    const std::string words = "`" + ends[0]->key + "` to `" + ends[1]->key + "`";
    if (!true_edge) return add("tree-flow", pointer, "nothing flows from " + words + ": nothing that the first makes reaches the second in the recorded run", "Remove the edge, or name the nodes between which the tensor goes.");
    if (!known || (!edge.contains("shape") && !edge.contains("dtype"))) return;
    DeclaredTreeTensor said{"", std::nullopt, "", false};
    if (edge.contains("shape")) said.shape = edge.at("shape").get<std::vector<std::int64_t>>();
    if (edge.contains("dtype")) said.dtype = plain_dtype(edge.at("dtype").get<std::string>());
    if (std::any_of(tensors.begin(), tensors.end(), [&](const TensorShape& t) { return agrees(said, t); })) return;
    std::vector<std::string> texts;
    for (const TensorShape& t : tensors)
      if (std::find(texts.begin(), texts.end(), tensor_text(t)) == texts.end()) texts.push_back(tensor_text(t));
    std::string list;
    for (std::size_t i = 0; i < texts.size() && i < 4; ++i) list += (i > 0 ? ", " : "") + texts[i];
    add("tree-flow", pointer + (edge.contains("shape") ? "/shape" : "/dtype"), "from " + words + " goes no tensor " + declared_text(said) + "; what was recorded there: " + list +
        (texts.size() > 4 ? ", ..." : ""), "Write the shape and dtype in which the tensor leaves the first node or reaches the second.");
  }

  // Empty where there are too many.
  std::vector<Route> routes(const TreeNode& node) const {
    std::vector<Route> done, open{{&node}};
    while (!open.empty()) {
      Route route = std::move(open.back());
      open.pop_back();
      const TreeNode& top = *route.front();
      if (top.parents.empty()) {
        done.push_back(std::move(route));
        continue;
      }
      for (const std::string& parent : top.parents) {
        Route longer = route;
        longer.insert(longer.begin(), view_.find(parent));
        open.push_back(std::move(longer));
      }
      if (done.size() + open.size() > most_routes) return {};
    }
    return done;
  }

  static std::size_t common(const Route& a, const Route& b) {
    std::size_t n = 0;
    while (n < a.size() && n < b.size() && a[n] == b[n]) ++n;
    return n;
  }

  // Does something go from one to the other within their parent's step? A null end is the parent itself. What was not recorded may be.
  bool link(const TreeNode& parent, const TreeNode* from, const TreeNode* to) const {
    if (parent.step == nullptr) return true;
    const auto places = [&](const TreeNode* node) {
      std::vector<int> list;
      if (node == nullptr) return std::vector<int>{flow_parent};
      for (std::size_t i : view_.instances(parent, *node)) list.push_back(static_cast<int>(i));
      return list;
    };
    const std::vector<int> a = places(from), b = places(to);
    if (a.empty() || b.empty()) return true;
    for (int x : a)
      for (int y : b)
        if (parent.step->flow.carries(x, y)) return true;
    return false;
  }

  // Up from the first to the child of the nearest common ancestor, across, and down to the second.
  bool flows(const Route& a, const Route& b) const {
    const std::size_t shared = common(a, b);
    for (std::size_t i = a.size() - 1; i > shared; --i)
      if (!link(*a[i - 1], a[i], nullptr)) return false;
    for (std::size_t i = shared + 1; i < b.size(); ++i)
      if (!link(*b[i - 1], nullptr, b[i])) return false;
    if (shared < a.size() && shared < b.size()) return link(*a[shared - 1], a[shared], b[shared]);
    if (shared < b.size()) return link(*b[shared - 1], nullptr, b[shared]);
    return link(*a[shared - 1], a[shared], nullptr);
  }

  // What leaves the first, what reaches the second, and what their parents make of it in between. False where that is not all known.
  bool collect(const Route& a, const Route& b, std::vector<TensorShape>& tensors) const {
    const std::size_t shared = common(a, b);
    bool known = true;
    const auto end = [&](const Route& route, bool giving) {
      const TreeNode& node = *route.back();
      if (route.size() == shared) giving = !giving;  // an ancestor gives what it received, and gets what it returns
      if (route.size() < 2) {
        known = known && node.step != nullptr && node.step->recorded;
        if (known) add_tensors(giving ? node.step->outputs : node.step->inputs, tensors);
        return;
      }
      const TreeNode& parent = *route[route.size() - 2];
      const auto places = view_.instances(parent, node);
      known = known && !places.empty();
      for (std::size_t i : places) {
        const TreeInstance& instance = parent.step->instances[i];
        known = known && instance.recorded;
        add_tensors(giving ? instance.outputs : instance.inputs, tensors);
      }
    };
    end(a, true);
    end(b, false);
    for (const Route* route : {&a, &b})
      for (std::size_t i = shared > 0 ? shared - 1 : 0; i < route->size(); ++i)
        if (const TreeStep* step = (*route)[i]->step; step != nullptr && (i + 1 < route->size() || i + 1 == shared))
          tensors.insert(tensors.end(), step->between.begin(), step->between.end());
    return known;
  }

  static void add_tensors(const std::vector<TreeTensor>& from, std::vector<TensorShape>& to) {
    for (const TreeTensor& t : from) to.push_back(t.tensor);
  }

  const TreeView& view_;
  std::vector<Finding>& findings_;
};

}  // namespace

void check_tree_flow(const TreeView& view, std::vector<Finding>& findings) { Edges(view, findings).check(); }

}  // namespace decomp
