#include "pipeline/evidence_archive.h"

#include <vector>

#include "report/archive_types.h"

namespace decomp {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TapeRef, id, shape, dtype, weight, has_print, print, nonfinite)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TapeEntry, op, instance, in, args, out, inner, file, line)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Tape, entries, calls, inputs, outputs, balanced, threads)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ModuleInstance, path, child, type, component, file)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TensorShape, dtype, shape)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OwnedTensor, key, kind, shape, dtype)
// The rest of each; wire trees keep the order of their members as text.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChildEvidence, module, path, sha256, level, instances, tensors, operations)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StepEvidence, ran, children, original_sha256, level, original, refactored, modules, refactored_modules, tensors,
                                   refactored_tensors, outputs, finite)

namespace {

struct KeptEvidence {
  StepEvidence evidence;
  std::vector<std::string> calls, child_calls;
  std::string inputs;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KeptEvidence, evidence, calls, child_calls, inputs)

}  // namespace

std::string archived(const StepEvidence& evidence) {
  KeptEvidence kept{evidence, {}, {}, evidence.inputs.dump()};
  for (const Json& trial : evidence.calls) kept.calls.push_back(trial.dump());
  for (const ChildEvidence& child : evidence.children) kept.child_calls.push_back(Json(child.calls).dump());
  return to_bytes(kept);
}

StepEvidence evidence_from(const std::string& bytes) {
  KeptEvidence kept = from_bytes<KeptEvidence>(bytes);
  StepEvidence evidence = std::move(kept.evidence);
  for (const std::string& trial : kept.calls) evidence.calls.push_back(Json::parse(trial));
  for (std::size_t i = 0; i < evidence.children.size(); ++i) evidence.children[i].calls = Json::parse(kept.child_calls.at(i)).get<std::vector<Json>>();
  evidence.inputs = Json::parse(kept.inputs);
  return evidence;
}

}  // namespace decomp
