#include "pipeline/evidence.h"

#include "checks/coverage.h"
#include "pipeline/step_context.h"
#include "tensor/host_inputs.h"

namespace decomp {
namespace {

std::string kind_name(TensorEntry::Kind kind) {
  return kind == TensorEntry::Kind::parameter ? "parameter" : kind == TensorEntry::Kind::buffer ? "buffer" : "attribute";
}

std::vector<OwnedTensor> tensors_below(const ModelDescription& all, const std::string& prefix) {
  std::vector<OwnedTensor> owned;
  for (const TensorEntry& t : all.tensors)
    if (t.key.rfind(prefix, 0) == 0) owned.push_back({t.key.substr(prefix.size()), kind_name(t.kind), t.shape, dtype_name(t.dtype)});
  return owned;
}

void tensors_in(const Value& value, std::vector<TensorShape>& shapes) {
  if (value.kind == Value::Kind::tensor) shapes.push_back({dtype_name(value.tensor.scalar_type()), value.tensor.sizes().vec()});
  for (const Value& item : value.items) tensors_in(item, shapes);
}

}  // namespace

StepEvidence collect_evidence(const StepContext& step) {
  StepEvidence evidence;
  if (step.report.trials.empty()) return evidence;
  evidence.ran = true;
  for (const Source& child : step.children) {
    ChildEvidence c;
    c.module = child.module;
    c.path = child.path;
    c.sha256 = child.sha256;
    c.level = declared_level(child.bytes);
    for (const ModuleInstance& m : step.modules_b)
      if (m.file == child.module || (m.child == child.module && m.component == m.path)) c.instances.push_back(m.path);
    if (!c.instances.empty()) {
      for (const Json& call : step.call_shapes.front())
        if (std::find(c.instances.begin(), c.instances.end(), call.at("path").get<std::string>()) != c.instances.end()) c.calls.push_back(call);
      c.tensors = tensors_below(step.b->description(), c.instances.front() + ".");
      for (const TapeEntry& e : step.tape_b.entries)
        if (e.instance >= 0 && e.instance < static_cast<int>(step.modules_b.size())) {
          const std::string& path = step.modules_b[static_cast<std::size_t>(e.instance)].path;
          if (path == c.instances.front() || path.rfind(c.instances.front() + ".", 0) == 0) c.operations.push_back(e);
        }
    }
    evidence.children.push_back(std::move(c));
  }
  evidence.original = step.tape_a;
  evidence.original_sha256 = step.original->sha256;
  evidence.level = declared_level(step.original->bytes);
  evidence.modules = step.modules_a;
  evidence.refactored = step.tape_b;
  evidence.refactored_modules = step.modules_b;
  evidence.tensors = tensors_below(step.a->description(), "");
  evidence.refactored_tensors = tensors_below(step.b->description(), "");
  evidence.calls = step.call_shapes;
  const Json& first = step.inputs.tree.at("trials").at(0);
  evidence.inputs = {{"args", first.at("args")}, {"kwargs", first.at("kwargs")}};
  if (!step.results.empty()) {
    tensors_in(step.results.front(), evidence.outputs.emplace());
    evidence.finite = all_finite(step.results.front());
  }
  return evidence;
}

std::optional<double> coverage_percent(const StepReport& step, const StepEvidence& evidence) {
  if (!evidence.ran) return std::nullopt;
  if (step.status == Status::pass) return 100.0;  // conservation says so
  return cover_by_children({evidence.original, evidence.refactored, evidence.modules, evidence.refactored_modules}).percent();
}

}  // namespace decomp
