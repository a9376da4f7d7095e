#include "pipeline/outline.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>

#include "checks/kernel_name.h"
#include "checks/levels.h"
#include "core/rules.h"
#include "core/tape.h"
#include "pipeline/recorded_components.h"

namespace decomp {
namespace {

constexpr std::size_t semantic_operations = 12;  // of a kernel that is one idea (a norm, a mask): RULES, DESIGN
constexpr std::size_t fusion_operations = 12;    // what is still read as one unit: an attention, an MLP

struct Module {
  std::string path, type;
  std::vector<std::size_t> children;  // nearest below that do something
  std::vector<const TapeEntry*> own;  // compute, called in its own forward
  std::size_t computes = 0;           // at it and below
  std::set<std::string> operations;   // canonical, at it and below
  bool contracts = false;
  int level = -1;  // -1: no component of its own
  std::string why;
};

std::string last_part(const std::string& dotted) { return dotted.substr(dotted.rfind('.') + 1); }

std::string snake(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool after_lower = i > 0 && (std::islower(static_cast<unsigned char>(name[i - 1])) != 0 || (i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1])) != 0));
    if (std::isupper(c) != 0 && i > 0 && name[i - 1] != '_' && after_lower) out += '_';
    out += static_cast<char>(std::tolower(c));
  }
  return out;
}

bool is_container(const std::string& type) { return type.rfind("torch.nn.modules.container.", 0) == 0 && last_part(type) != "Sequential"; }

class Outline {
 public:
  explicit Outline(const OwnRun& run) : run_(run), modules_(run.modules.size()) {
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      modules_[i].path = run.modules[i].path;
      modules_[i].type = run.modules[i].type;
      index_[modules_[i].path] = i;
    }
    for (const TapeEntry& entry : run.result.tape.entries)
      if (op_class(entry) == OpClass::compute && entry.instance >= 0 && entry.instance < static_cast<int>(modules_.size()))
        modules_[static_cast<std::size_t>(entry.instance)].own.push_back(&entry);
    if (!modules_.empty()) weigh(index_.at(""));
    if (!modules_.empty()) classify(index_.at(""));
  }

  Json json() {
    Json modules = Json::array();
    for (const Module& m : modules_)
      if (m.computes > 0 || m.path.empty()) modules.push_back(module_json(m));
    return {{"inputs", leaves(run_.inputs)},
            {"outputs", leaves(run_.result.output)},
            {"parameters", parameters()},
            {"modules", std::move(modules)},
            {"kernels", kernels()},
            {"order", order()}};
  }

 private:
  static std::string below(const std::string& path) { return path.empty() ? "" : path + "."; }

  std::vector<std::size_t> direct_children(std::size_t at) const {
    std::vector<std::size_t> found;
    const std::string prefix = below(modules_[at].path);
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      const std::string& path = modules_[i].path;
      if (i != at && path.size() > prefix.size() && path.compare(0, prefix.size(), prefix) == 0 && path.find('.', prefix.size()) == std::string::npos) found.push_back(i);
    }
    return found;
  }

  void weigh(std::size_t at) {
    static const std::set<std::string> contractions = rule_data("names").at("contractions").get<std::set<std::string>>();
    for (std::size_t child : direct_children(at)) {
      weigh(child);
      Module& m = modules_[at];
      const Module& c = modules_[child];
      m.computes += c.computes;
      m.operations.insert(c.operations.begin(), c.operations.end());
      m.contracts = m.contracts || c.contracts;
      // A list of modules has no forward: what it holds are its owner's children.
      if (is_container(c.type))
        m.children.insert(m.children.end(), c.children.begin(), c.children.end());
      else if (c.computes > 0)
        m.children.push_back(child);
    }
    Module& m = modules_[at];
    m.computes += m.own.size();
    for (const TapeEntry* entry : m.own) {
      const std::string operation = canonical_operation(entry->op);
      m.operations.insert(operation);
      m.contracts = m.contracts || contractions.count(operation) != 0;
    }
  }

  void classify(std::size_t at) {
    for (std::size_t child : modules_[at].children) classify(child);
    Module& m = modules_[at];
    int highest = -1;
    std::size_t composites = 0;
    for (std::size_t child : m.children) {
      highest = std::max(highest, modules_[child].level);
      composites += modules_[child].level > 0;
    }
    const bool root = m.path.empty();
    const auto say = [&](int level, const std::string& why) {
      m.level = level;
      m.why = why;
    };
    if (m.computes == 0 && !root) return;
    if (m.children.empty() && m.computes <= 1)
      say(0, m.computes == 0 ? "moves data only: itself a kernel, without a step" : "one operation");
    else if (m.children.empty() && one_composite(m.operations))
      say(0, "several operators that make up one operation");
    else if (m.children.empty() && !m.contracts && m.computes <= semantic_operations && !root)
      say(0, "one idea without a matrix product: a semantic kernel");
    else if (root)
      say(highest >= 1 || m.computes > fusion_operations ? 3 : 1, highest >= 1 || m.computes > fusion_operations ? "the whole model" : "the whole model is one group of kernels");
    else if (is_container(m.type))
      return;
    else if (m.children.size() == 1 && m.own.empty() && composites == 1)
      m.why = "wraps one composite child: write that child in its place";
    else if (highest <= 0)
      say(m.computes <= fusion_operations ? 1 : 2, m.computes <= fusion_operations ? "kernels that belong together" : "kernels only, and more of them than one fusion holds");
    else if (highest == 1)
      say(2, "fusions and kernels, with residual sums or branches between them");
    else
      m.why = "a layer holds no layer: call its children from its parent instead";
    if (m.level < 0) lift(m, at);
  }

  // A module without a component of its own hands its children on.
  void lift(const Module& inlined, std::size_t at) {
    for (Module& parent : modules_) {
      const auto place = std::find(parent.children.begin(), parent.children.end(), at);
      if (place == parent.children.end()) continue;
      const auto next = parent.children.erase(place);
      parent.children.insert(next, inlined.children.begin(), inlined.children.end());
    }
  }

  static std::string shape_text(const std::string& dtype, const std::vector<std::int64_t>& shape) {
    std::string text = dtype + " [";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + "]";
  }

  static Json leaves(const Value& value) {
    Json list = Json::array();
    const std::function<void(const Value&)> walk = [&](const Value& v) {
      if (v.kind == Value::Kind::tensor) list.push_back(shape_text(dtype_name(v.tensor.scalar_type()), v.tensor.sizes().vec()));
      for (const Value& item : v.items) walk(item);
    };
    walk(value);
    return list;
  }

  static Json leaves(const Json& tree) {
    Json list = Json::array();
    for (const TensorShape& leaf : tensor_leaves(tree)) list.push_back(shape_text(leaf.dtype, leaf.shape));
    return list;
  }

  std::int64_t parameters() const {
    std::int64_t count = 0;
    for (const RanTensor& w : run_.weights) {
      std::int64_t size = 1;
      for (std::int64_t d : w.shape) size *= d;
      count += size;
    }
    return count;
  }

  // Those that the module itself holds, or, of a kernel, all below.
  std::vector<OwnedTensor> tensors_of(const Module& m) const {
    std::vector<OwnedTensor> own;
    const std::string prefix = below(m.path);
    for (const RanTensor& w : run_.weights)
      if (w.name.compare(0, prefix.size(), prefix) == 0 && (m.level == 0 || w.name.find('.', prefix.size()) == std::string::npos))
        own.push_back({w.name.substr(prefix.size()), "parameter", w.shape, w.dtype});
    return own;
  }

  Json module_json(const Module& m) {
    Json children = Json::array(), weights = Json::array();
    for (std::size_t child : m.children) children.push_back(modules_[child].path);
    for (const OwnedTensor& t : tensors_of(m)) weights.push_back(t.key + ": " + shape_text(t.dtype, t.shape));
    Json j = {{"path", m.path},           {"class", last_part(m.type)}, {"level", m.level < 0 ? "" : level_word(m.level)}, {"why", m.why},
              {"operations", m.computes}, {"children", std::move(children)}, {"weights", std::move(weights)}};
    const Json& calls = run_.result.calls.tree;
    if (calls.is_array())
      for (const Json& call : calls)
        if (call.at("path") == m.path && !call.contains("opaque")) {
          j["inputs"] = leaves(call.at("args"));
          for (const Json& leaf : leaves(call.at("kwargs"))) j["inputs"].push_back(leaf);
          j["outputs"] = leaves(call.at("output"));
        }
    if (m.level == 0 && !m.own.empty()) j["kernel"] = kernel_name(run_of(m), snake(last_part(m.type)));
    return j;
  }

  ComponentRun run_of(const Module& m) const {
    ComponentRun run;
    run.instance = m.path;
    run.tensors = tensors_of(m);
    run.calls = 1;
    for (const TapeEntry& entry : run_.result.tape.entries)
      if (entry.instance >= 0 && run_.modules[static_cast<std::size_t>(entry.instance)].path == m.path) run.operations.push_back(entry);
    const Json& calls = run_.result.calls.tree;
    if (calls.is_array())
      for (const Json& call : calls)
        if (call.at("path") == m.path && !call.contains("opaque")) {
          run.recorded = true;
          run.inputs = tensor_leaves(call.at("args"));
          for (TensorShape& t : tensor_leaves(call.at("kwargs"))) run.inputs.push_back(std::move(t));
          run.outputs = tensor_leaves(call.at("output"));
        }
    run.steady_inputs = run.inputs;
    return run;
  }

  // One call in the forward of a module that is no kernel: the kernel that it becomes.
  ComponentRun run_of(const TapeEntry& entry) const {
    ComponentRun run;
    run.operations = {entry};
    run.calls = 1;
    run.recorded = true;
    for (const TapeRef& ref : entry.in)
      if (ref.weight >= 0 && ref.weight < static_cast<int>(run_.weights.size())) {
        const RanTensor& w = run_.weights[static_cast<std::size_t>(ref.weight)];
        run.tensors.push_back({last_part(w.name), "parameter", w.shape, w.dtype});
      } else {
        run.inputs.push_back({ref.dtype, ref.shape});
      }
    for (const TapeRef& ref : entry.out) run.outputs.push_back({ref.dtype, ref.shape});
    run.steady_inputs = run.inputs;
    return run;
  }

  Json kernels() {
    struct Kernel {
      std::set<std::string> operations;
      std::vector<std::string> where;
      std::vector<OwnedTensor> weights;
    };
    std::vector<std::string> names;
    std::map<std::string, Kernel> found;
    const auto add = [&](const std::string& name, const ComponentRun& run, const std::string& where) {
      if (found.count(name) == 0) names.push_back(name);
      Kernel& kernel = found[name];
      for (const TapeEntry& e : run.operations)
        if (op_class(e) == OpClass::compute) kernel.operations.insert(canonical_operation(e.op));
      kernel.where.push_back(where);
      kernel.weights = run.tensors;
    };
    for (const Module& m : modules_) {
      if (m.level == 0) {
        if (const ComponentRun run = run_of(m); !run.operations.empty()) add(kernel_name(run, snake(last_part(m.type))), run, m.path);
        continue;
      }
      for (const TapeEntry* entry : m.own) {
        const ComponentRun run = run_of(*entry);
        add(kernel_name(run, snake(op_base_name(entry->op))), run, m.path.empty() ? "the model's own forward" : m.path + " (its own forward)");
      }
    }
    // A refactored parent owns no tensor: arithmetic that reads one becomes a kernel that owns it.
    for (const TapeEntry& entry : run_.result.tape.entries) {
      if (entry.instance < 0 || entry.instance >= static_cast<int>(modules_.size())) continue;
      const Module& m = modules_[static_cast<std::size_t>(entry.instance)];
      const std::string operation = op_base_name(entry.op);
      if (m.level == 0 || !(op_class(entry) == OpClass::arithmetic || operation == "masked_fill")) continue;
      const ComponentRun run = run_of(entry);
      if (run.tensors.empty()) continue;
      const std::string own = run.tensors[0].key;
      add(kernel_name(run, operation == "masked_fill" ? own : own + "_" + operation), run, m.path.empty() ? "the model's own forward" : m.path + " (its own forward)");
      found[names.back()].operations.insert(operation);
    }
    Json list = Json::array();
    for (const std::string& name : names) {
      const Kernel& kernel = found.at(name);
      Json weights = Json::array();
      for (const OwnedTensor& t : kernel.weights) weights.push_back(t.key + ": " + shape_text(t.dtype, t.shape));
      list.push_back({{"name", name}, {"operations", kernel.operations}, {"instances", kernel.where.size()}, {"where", kernel.where}, {"weights", std::move(weights)}});
    }
    return list;
  }

  Json order() const {
    Json list = Json::array();
    for (int call : run_.result.tape.calls)
      if (call >= 0 && call < static_cast<int>(modules_.size()) && modules_[static_cast<std::size_t>(call)].level >= 0 && !modules_[static_cast<std::size_t>(call)].path.empty())
        list.push_back(modules_[static_cast<std::size_t>(call)].path);
    return list;
  }

  const OwnRun& run_;
  std::vector<Module> modules_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

Json outline_of(const OwnRun& run) { return Outline(run).json(); }

std::vector<std::string> foreign_imports(const Facts& facts) {
  static const std::set<std::string> known = rule_data("grammar").at("reserved_modules").get<std::set<std::string>>();
  std::set<std::string> found;
  const auto look = [&](const std::string& module) {
    if (known.count(module.substr(0, module.find('.'))) == 0) found.insert(module);
  };
  const std::function<void(const Node&)> walk = [&](const Node& node) {
    if (node.is("Import"))
      for (const Node& alias : node.list("names")) look(alias.text("name"));
    if (node.is("ImportFrom")) {
      const Json* level = node.raw("level");
      const bool relative = level != nullptr && level->is_number() && level->get<int>() > 0;
      if (relative)
        found.insert("." + node.text("module"));
      else
        look(node.text("module"));
    }
    for (const Node& child : node.children()) walk(child);
  };
  walk(facts.module());
  return {found.begin(), found.end()};
}

}  // namespace decomp
