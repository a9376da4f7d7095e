// Decompositions that have no step: a model of one operation is a kernel already.

#include "pipeline/component_tests.h"
#include "pipeline/custody_files.h"
#include "pipeline/judge.h"

namespace decomp {
namespace {

bool is_source(const CustodyFile& file, const CustodyFile& source) {
  return file.form != nullptr && source.form != nullptr && !file.form->identity.empty() && file.form->identity == source.form->identity;
}

}  // namespace

void judge_without_steps(Session& session, const DecompositionFolder& folder, Report& report) {
  CodeForms forms(session);
  const auto levels = read_level_folders(forms, folder, report.findings);
  const auto source = read_source_model(forms, folder, session.options().source, levels, report.findings);
  std::string kernel;
  for (const CustodyFile& file : levels)
    if (source && file.level == 0 && is_source(file, *source)) kernel = file.shown;
  if (kernel.empty()) {
    report.findings.push_back({"decomposition-no-steps", Severity::error, {folder.shown + "/steps"},
                               "the decomposition has no step, and its source model is none of its kernels: nothing was proved",
                               "Add the steps; a model of one operation lies in level_0_kernel/ itself and needs none."});
    return;
  }
  const std::vector<Component> components = read_components(session, folder.shown);
  for (ComponentReport& component : test_each(session, components, nullptr, nullptr)) report.components.push_back(std::move(component));
}

}  // namespace decomp
