#include "pipeline/tree_facts.h"

#include <algorithm>

#include "checks/levels.h"

namespace decomp {
namespace {

std::string identity_of(const CodeForm* form) { return form != nullptr ? form->identity : ""; }

// Names of the parameters of the model's forward(), without self.
std::vector<std::string> forward_parameters(const Facts* facts) {
  std::vector<std::string> names;
  if (facts == nullptr) return names;
  for (const Node& statement : facts->module().list("body")) {
    if (!statement.is("ClassDef") || statement.text("name") != "Model") continue;
    for (const Node& method : statement.list("body")) {
      if (!method.is("FunctionDef") || method.text("name") != "forward") continue;
      for (const char* kind : {"posonlyargs", "args"})
        for (const Node& parameter : method.child("args").list(kind)) names.push_back(parameter.text("arg"));
    }
  }
  if (!names.empty()) names.erase(names.begin());
  return names;
}

// The tensors of a call, in order, named where a parameter is one tensor.
std::vector<TreeTensor> call_tensors(const Json& args, const Json& kwargs, const std::vector<std::string>& parameters) {
  std::vector<TreeTensor> all;
  const auto add = [&](const Json& item, const std::string& name) {
    for (TensorShape& leaf : tensor_leaves(item)) all.push_back({item.value("k", "") == "tensor" ? name : "", std::move(leaf)});
  };
  if (args.contains("items"))
    for (std::size_t i = 0; i < args.at("items").size(); ++i) add(args.at("items")[i], i < parameters.size() ? parameters[i] : "");
  if (kwargs.contains("items"))
    for (std::size_t i = 0; i < kwargs.at("items").size(); ++i) {
      const std::string key = kwargs.contains("keys") ? kwargs.at("keys")[i].get<std::string>() : "";
      add(kwargs.at("items")[i], key.rfind("s:", 0) == 0 ? key.substr(2) : "");
    }
  return all;
}

std::vector<TreeTensor> unnamed(const std::vector<TensorShape>& tensors, bool sizes_are_data) {
  std::vector<TreeTensor> all;
  for (TensorShape tensor : tensors) {
    if (sizes_are_data) std::fill(tensor.shape.begin(), tensor.shape.end(), -1);
    all.push_back({"", std::move(tensor)});
  }
  return all;
}

TreeInstance instance_of(const ComponentRun& run, const StepEvidence& seen, const std::string& identity, const std::vector<std::string>& parameters) {
  TreeInstance instance{run.instance, identity, run.calls, run.recorded, {}, unnamed(run.outputs, run.sizes_are_data)};
  if (!run.recorded) return instance;
  for (const Json& call : seen.calls.front())
    if (call.at("path") == run.instance) {
      instance.inputs = call_tensors(call.at("args"), call.at("kwargs"), parameters);
      break;
    }
  for (std::size_t i = 0; i < instance.inputs.size() && i < run.steady_inputs.size(); ++i) instance.inputs[i].tensor = run.steady_inputs[i];
  return instance;
}

// Tensors of the parent's own operations.
std::vector<TensorShape> tensors_between(const StepEvidence& seen) {
  std::vector<TensorShape> all;
  for (const TapeEntry& entry : seen.refactored.entries) {
    if (entry.instance >= 0 && entry.instance < static_cast<int>(seen.refactored_modules.size()) &&
        !seen.refactored_modules[static_cast<std::size_t>(entry.instance)].component.empty())
      continue;
    for (const auto* list : {&entry.in, &entry.out})
      for (const TapeRef& ref : *list) {
        const TensorShape tensor{ref.dtype, ref.shape};
        if (ref.weight < 0 && std::find(all.begin(), all.end(), tensor) == all.end()) all.push_back(tensor);
      }
  }
  return all;
}

TreeStep tree_step(Session& session, CodeForms& forms, const StepFiles& files, const StepEvidence& seen) {
  TreeStep step;
  step.shown = files.shown;
  step.identity = identity_of(forms.known(seen.original_sha256));
  std::vector<FlowComponent> components;
  for (const ChildEvidence& child : seen.children) {
    const auto parameters = forward_parameters(session.parsed(child.sha256).get());
    const std::string identity = identity_of(forms.known(child.sha256));
    for (const ComponentRun& run : runs_of(seen, child.module)) {
      step.instances.push_back(instance_of(run, seen, identity, parameters));
      components.push_back({run.instance, step.instances.back().inputs.size()});
    }
  }
  step.flow = recorded_flow(seen.refactored, seen.refactored_modules, components);
  step.between = tensors_between(seen);
  step.recorded = seen.outputs.has_value();
  if (step.recorded) {
    step.inputs = call_tensors(seen.inputs.at("args"), seen.inputs.at("kwargs"), forward_parameters(session.parsed(seen.original_sha256).get()));
    step.outputs = unnamed(*seen.outputs, false);
  }
  return step;
}

}  // namespace

TreeFacts tree_facts(Session& session, CodeForms& forms, const GroupSteps& steps, const std::vector<CustodyFile>& levels, const std::string& model) {
  TreeFacts facts;
  for (const CustodyFile& file : levels) facts.files.push_back({level_folder(file.level) + "/" + file.name + ".py", file.level, identity_of(file.form)});
  for (std::size_t s = 0; s < steps.group.steps.size(); ++s)
    if (steps.seen(s).ran) facts.steps.push_back(tree_step(session, forms, steps.files(s), steps.seen(s)));
  if (!model.empty()) facts.model.push_back(model);
  return facts;
}

std::vector<RecordedStep> coverage_steps(CodeForms& forms, const GroupSteps& steps, const std::vector<CustodyFile>& levels) {
  std::map<std::string, std::string> kernels;  // identity -> path as shown
  for (const CustodyFile& file : levels)
    if (file.level == 0 && file.form != nullptr) kernels.emplace(file.form->identity, file.shown);
  std::vector<RecordedStep> all;
  for (std::size_t s = 0; s < steps.group.steps.size(); ++s) {
    const StepEvidence& seen = steps.seen(s);
    if (!seen.ran) continue;
    RecordedStep step{steps.files(s).shown, identity_of(forms.known(seen.original_sha256)), {}, seen.original, seen.refactored, seen.modules, seen.refactored_modules, {}, {}};
    for (const ChildEvidence& child : seen.children) {
      const std::string identity = identity_of(forms.known(child.sha256));
      const auto kernel = kernels.find(identity);
      step.children.push_back({child.module, identity, kernel == kernels.end() ? child.path : kernel->second, kernel != kernels.end()});
    }
    all.push_back(std::move(step));
  }
  return all;
}

}  // namespace decomp
