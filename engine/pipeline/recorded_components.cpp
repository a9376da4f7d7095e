#include "pipeline/recorded_components.h"

#include <map>

#include "checks/levels.h"

namespace decomp {
namespace {

struct CallShapes {
  std::vector<TensorShape> in, out;
};

// Of the first call of `instance`; nothing where it was not called or could not be kept.
std::optional<CallShapes> call_of(const Json& calls, const std::string& instance) {
  for (const Json& call : calls)
    if (call.at("path") == instance) {
      if (call.contains("opaque")) return std::nullopt;
      CallShapes shapes{tensor_leaves(call.at("args")), tensor_leaves(call.at("output"))};
      for (TensorShape& t : tensor_leaves(call.at("kwargs"))) shapes.in.push_back(std::move(t));
      return shapes;
    }
  return std::nullopt;
}

// Sizes that another trial has not become -1; where it has other tensors, every size does.
void leave_open(std::vector<TensorShape>& steady, const std::vector<TensorShape>& other) {
  for (std::size_t i = 0; i < steady.size(); ++i)
    for (std::size_t d = 0; d < steady[i].shape.size(); ++d)
      if (i >= other.size() || other[i].shape.size() != steady[i].shape.size() || other[i].shape[d] != steady[i].shape[d]) steady[i].shape[d] = -1;
}

}  // namespace

int RecordedComponent::level() const { return level_file != nullptr ? level_file->level : level_number(header); }

std::vector<TensorShape> tensor_leaves(const Json& tree) {
  std::vector<TensorShape> leaves;
  if (tree.value("k", "") == "tensor")
    leaves.push_back({tree.at("dtype").get<std::string>(), tree.at("shape").get<std::vector<std::int64_t>>()});
  if (tree.contains("items"))
    for (const Json& item : tree.at("items"))
      for (TensorShape& leaf : tensor_leaves(item)) leaves.push_back(std::move(leaf));
  return leaves;
}

std::vector<ComponentRun> runs_of(const StepEvidence& step, const std::string& module) {
  std::vector<ComponentRun> runs;
  const auto& modules = step.refactored_modules;
  const auto at = [&](int index) { return index >= 0 && index < static_cast<int>(modules.size()) ? &modules[static_cast<std::size_t>(index)] : nullptr; };
  for (const ModuleInstance& m : modules) {
    if (m.child != module || m.component != m.path) continue;
    ComponentRun run;
    run.instance = m.path;
    const std::string below = m.path + ".";
    for (const OwnedTensor& t : step.refactored_tensors)
      if (t.key.rfind(below, 0) == 0) run.tensors.push_back({t.key.substr(below.size()), t.kind, t.shape, t.dtype});
    for (const TapeEntry& e : step.refactored.entries)
      if (const ModuleInstance* where = at(e.instance); where != nullptr && where->component == m.path) run.operations.push_back(e);
    for (int call : step.refactored.calls)
      if (const ModuleInstance* called = at(call); called != nullptr && called->path == m.path) ++run.calls;
    if (!step.calls.empty())
      if (auto first = call_of(step.calls.front(), m.path)) {
        run.recorded = true;
        run.inputs = std::move(first->in);
        run.outputs = std::move(first->out);
        run.steady_inputs = run.inputs;
        for (const Json& later : step.calls)
          if (const auto other = call_of(later, m.path); other && (other->in != run.inputs || other->out != run.outputs)) {
            run.sizes_are_data = true;
            leave_open(run.steady_inputs, other->in);
          }
      }
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<RecordedComponent> collect_components(Session& session, CodeForms& forms, const GroupSteps& steps, const std::vector<CustodyFile>& levels) {
  std::vector<RecordedComponent> components;
  std::map<std::pair<std::string, std::string>, std::size_t> known;  // by name and code
  for (std::size_t s = 0; s < steps.group.steps.size(); ++s) {
    const StepEvidence& seen = steps.seen(s);
    for (const ChildEvidence& child : seen.children) {
      const CodeForm* form = forms.known(child.sha256);
      const auto [at, fresh] = known.try_emplace({child.module, form != nullptr ? form->identity : child.sha256}, components.size());
      if (fresh) {
        RecordedComponent c{child.module, child.path, s, child.level, nullptr, form, session.parsed(child.sha256), {}, {}};
        for (const CustodyFile& file : levels)
          if (form != nullptr && file.form != nullptr && file.form->identity == form->identity &&
              (c.level_file == nullptr || file.name == child.module))
            c.level_file = &file;
        components.push_back(std::move(c));
      }
      RecordedComponent& c = components[at->second];
      for (ComponentRun& run : runs_of(seen, child.module)) {
        c.runs.push_back(std::move(run));
        c.run_steps.push_back(s);
      }
    }
  }
  return components;
}

}  // namespace decomp
