#include "pipeline/outline.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "checks/kernel_name.h"
#include "core/rules.h"
#include "core/tape.h"
#include "pipeline/recorded_components.h"
#include "pipeline/workspace.h"

namespace decomp {
namespace {

struct Module {
  std::string path, type;
  std::vector<std::size_t> children;  // nearest below that compute something
  std::size_t computes = 0;           // compute operations at it and below
};

std::string last_part(const std::string& dotted) { return dotted.substr(dotted.rfind('.') + 1); }

bool is_container(const std::string& type) { return type.rfind("torch.nn.modules.container.", 0) == 0 && last_part(type) != "Sequential"; }

bool lies_below(const std::string& path, const std::string& above) {
  return above.empty() ? !path.empty() : path.size() > above.size() && path.compare(0, above.size(), above) == 0 && path[above.size()] == '.';
}

class Outline {
 public:
  Outline(const OwnRun& run, const Json& proposal) : run_(run), proposal_(proposal), modules_(run.modules.size()) {
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      modules_[i].path = run.modules[i].path;
      modules_[i].type = run.modules[i].type;
      index_[modules_[i].path] = i;
    }
    for (const TapeEntry& entry : run.result.tape.entries)
      if (op_class(entry) == OpClass::compute && is_module(entry.instance)) ++modules_[static_cast<std::size_t>(entry.instance)].computes;
    if (!modules_.empty()) weigh(index_.at(""));
  }

  Json json() {
    Json modules = Json::array();
    for (const Module& m : modules_)
      if (m.computes > 0 || m.path.empty()) modules.push_back(module_json(m));
    Json outline = {{"inputs", leaves(run_.inputs)}, {"outputs", leaves(run_.result.output)}, {"parameters", parameters()},
                    {"modules", std::move(modules)}, {"order", order()},                      {"fusions", Json::array()},
                    {"gaps", Json::array()}};
    if (proposal_.is_null()) {
      outline["kernels"] = operations();
      return outline;
    }
    for (const Json& fusion : proposal_.at("fusions"))
      outline["fusions"].push_back({{"name", text(fusion, "name")}, {"kernels", texts(fusion, "kernels")}, {"where", texts(fusion, "where")}, {"why", text(fusion, "why")}});
    for (const Json& gap : proposal_.at("gaps")) outline["gaps"].push_back({{"component", text(gap, "component")}, {"reason", text(gap, "reason")}});
    outline["kernels"] = Json::array();
    for (const Json& kernel : proposal_.at("kernels"))
      outline["kernels"].push_back({{"name", text(kernel, "name")},
                                    {"operations", texts(kernel, "operations")},
                                    {"instances", kernel.at("instances").get<std::size_t>()},
                                    {"where", texts(kernel, "where")},
                                    {"weights", texts(kernel, "weights")}});
    return outline;
  }

 private:
  static std::string text(const Json& object, const char* member) { return object.at(member).get<std::string>(); }
  static std::vector<std::string> texts(const Json& object, const char* member) { return object.at(member).get<std::vector<std::string>>(); }

  bool is_module(int instance) const { return instance >= 0 && instance < static_cast<int>(modules_.size()); }

  void weigh(std::size_t at) {
    Module& m = modules_[at];
    const std::size_t prefix = m.path.empty() ? 0 : m.path.size() + 1;
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      if (!lies_below(modules_[i].path, m.path) || modules_[i].path.find('.', prefix) != std::string::npos) continue;
      weigh(i);
      const Module& child = modules_[i];
      m.computes += child.computes;
      // A list of modules has no forward: what it holds are its owner's children.
      if (is_container(child.type))
        m.children.insert(m.children.end(), child.children.begin(), child.children.end());
      else if (child.computes > 0)
        m.children.push_back(i);
    }
  }

  static std::string shape_text(const std::string& dtype, const std::vector<std::int64_t>& shape) {
    std::string words = dtype + " [";
    for (std::size_t i = 0; i < shape.size(); ++i) words += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return words + "]";
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
  Json weights_of(const Module& m, bool kernel) const {
    Json own = Json::array();
    const std::string prefix = m.path.empty() ? "" : m.path + ".";
    for (const RanTensor& w : run_.weights)
      if (w.name.compare(0, prefix.size(), prefix) == 0 && (kernel || w.name.find('.', prefix.size()) == std::string::npos))
        own.push_back(w.name.substr(prefix.size()) + ": " + shape_text(w.dtype, w.shape));
    return own;
  }

  // What the plan makes of the module: {level, why, component}.
  Json planned(const Module& m) const {
    if (proposal_.is_null()) return {{"level", ""}, {"why", ""}, {"component", ""}};
    const Json& all = proposal_.at("modules");
    if (const auto own = all.find(m.path); own != all.end()) {
      const std::string level = text(*own, "level");
      if (std::find(std::begin(level_names), std::end(level_names), level) == std::end(level_names)) throw Json::out_of_range::create(401, "no level: " + level, &*own);
      return {{"level", level}, {"why", text(*own, "why")}, {"component", text(*own, "component")}};
    }
    std::string why = "no component of its own: call its parts from its parent";
    for (const auto& [path, planned] : all.items())
      if (text(planned, "level") == level_names[0] && lies_below(m.path, path)) why = "a part of the kernel " + text(planned, "component");
    return {{"level", ""}, {"why", why}, {"component", ""}};
  }

  Json module_json(const Module& m) const {
    Json children = Json::array();
    for (std::size_t child : m.children) children.push_back(modules_[child].path);
    Json j = planned(m);
    const bool kernel = j.at("level") == level_names[0];
    const Json component = j.at("component");
    j.erase("component");
    if (kernel) j["kernel"] = component;
    j.update({{"path", m.path}, {"class", last_part(m.type)}, {"operations", m.computes}, {"children", std::move(children)}, {"weights", weights_of(m, kernel)}});
    const Json& calls = run_.result.calls.tree;
    if (calls.is_array())
      for (const Json& call : calls)
        if (call.at("path") == m.path && !call.contains("opaque")) {
          j["inputs"] = leaves(call.at("args"));
          for (const Json& leaf : leaves(call.at("kwargs"))) j["inputs"].push_back(leaf);
          j["outputs"] = leaves(call.at("output"));
        }
    return j;
  }

  // One recorded operation as the kernel that it would be.
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

  // Without a plan: the compute operations, each with the name of a kernel that does it alone.
  Json operations() const {
    std::vector<std::string> names;
    std::map<std::string, Json> found;
    for (const TapeEntry& entry : run_.result.tape.entries) {
      if (op_class(entry) != OpClass::compute || !is_module(entry.instance)) continue;
      const ComponentRun run = run_of(entry);
      const std::string name = kernel_name(run, op_base_name(entry.op)), path = modules_[static_cast<std::size_t>(entry.instance)].path;
      Json weights = Json::array();
      for (const OwnedTensor& t : run.tensors) weights.push_back(t.key + ": " + shape_text(t.dtype, t.shape));
      const auto [kernel, fresh] = found.try_emplace(
          name, Json{{"name", name}, {"operations", {canonical_operation(entry.op)}}, {"instances", 0}, {"where", Json::array()}, {"weights", std::move(weights)}});
      if (fresh) names.push_back(name);
      kernel->second["instances"] = kernel->second["instances"].get<int>() + 1;
      kernel->second["where"].push_back(path.empty() ? "the model's own forward" : path);
    }
    Json list = Json::array();
    for (const std::string& name : names) list.push_back(found.at(name));
    return list;
  }

  Json order() const {
    Json list = Json::array();
    for (int call : run_.result.tape.calls) {
      if (!is_module(call)) continue;
      const std::string& path = modules_[static_cast<std::size_t>(call)].path;
      if (!path.empty() && (proposal_.is_null() || proposal_.at("modules").contains(path))) list.push_back(path);
    }
    return list;
  }

  const OwnRun& run_;
  const Json& proposal_;
  std::vector<Module> modules_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

Json outline_of(const OwnRun& run, const Json& proposal) { return Outline(run, proposal).json(); }

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
