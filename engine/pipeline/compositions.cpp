#include "pipeline/compositions.h"

#include <algorithm>
#include <set>

#include "pipeline/custody_files.h"

namespace fs = std::filesystem;

namespace decomp {

StepFiles composition_in(const DecompositionFolder& folder, const fs::path& source) {
  StepFiles files = step_in(folder.root, folder.shown);
  files.original = source;
  files.refactored = folder.root / "verification" / "composition_test.py";
  files.children = folder.root / level_folders[0];
  files.weight_map.reset();
  std::error_code ignored;
  if (const fs::path map = folder.root / "verification" / "weight_map.json"; fs::exists(map, ignored)) files.weight_map = map;
  files.decomposition = folder;
  files.composition.emplace();
  return files;
}

std::vector<StepFiles> find_compositions(const std::vector<StepFiles>& steps, const NamedSource& named_source, std::vector<Finding>& missing) {
  std::vector<StepFiles> found;
  for (const StepGroup& group : decompositions_of(steps)) {
    const DecompositionFolder& folder = *group.folder;
    const std::string shown = folder.shown + "/verification/composition_test.py";
    const auto source = find_source_file(folder, named_source(folder));
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(folder.root / "verification/composition_test.py", ignored)))
      missing.push_back({"composition-missing", Severity::error, {shown}, "the decomposition has no verification/composition_test.py",
                         "Let decomp write it: decomp compose " + folder.shown});
    else if (source)  // where there is none, custody has said so
      found.push_back(composition_in(folder, *source));
  }
  return found;
}

void judge_composition_kernels(Session& session, const std::vector<StepFiles>& steps, const std::vector<StepReport>& step_reports,
                               const StepFiles& composition, const StepEvidence& seen, StepReport& report) {
  if (!seen.ran) return;
  CodeForms forms(session);
  const auto identity = [&](const std::string& sha256) {
    const CodeForm* form = forms.known(sha256);
    return form != nullptr ? form->identity : std::string();
  };
  std::set<std::string> made;  // components of the steps
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].decomposition || steps[i].decomposition->root != composition.decomposition->root) continue;
    for (const auto& [file, sha256] : step_reports[i].digests)
      if (file.rfind(steps[i].shown + "/children/", 0) == 0) made.insert(identity(sha256));
  }
  std::vector<Finding> findings;
  for (const ChildEvidence& kernel : seen.children) {
    const bool known = made.count(identity(kernel.sha256)) != 0;
    if (!kernel.instances.empty() && !known)
      findings.push_back({"composition-kernel-unproved", Severity::error, {kernel.path},
                          "the composition uses this kernel, but no step has it among its children: nothing shows that it is one operation of the model",
                          "Compose the model from the kernels that the steps made, or repair the step that should make this one."});
    if (kernel.instances.empty() && known)
      findings.push_back({"composition-kernel-unused", Severity::error, {kernel.path},
                          "the steps need this kernel, the composition never builds it", "Use the kernel where the model does its operation."});
  }
  add_to_step(report, findings, false);
}

}  // namespace decomp
