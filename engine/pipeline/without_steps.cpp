// Decompositions that have no step: a model of one operation is a kernel already.

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "checks/kernels.h"
#include "pipeline/component_tests.h"
#include "pipeline/custody_files.h"
#include "pipeline/judge.h"
#include "pipeline/run_alone.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

bool is_source(const CustodyFile& file, const CustodyFile& source) {
  return file.form != nullptr && source.form != nullptr && !file.form->identity.empty() && file.form->identity == source.form->identity;
}

// No step shows what a lone kernel does: its own run must be that of one logical operation.
std::vector<Finding> more_than_one_operation(Session& session, const std::vector<Component>& all, const Component& kernel) {
  std::vector<Finding> findings;
  try {
    OwnRun run = run_finite(session, all, kernel);
    const std::string name = fs::path(kernel.shown).stem().string();
    for (ModuleInstance& instance : run.modules) instance.child = name;
    findings = check_kernels(run.result.tape, run.modules, {{name, "kernel"}});
    std::erase_if(findings, [](const Finding& f) { return f.rule != "level-kernel"; });
    for (Finding& finding : findings) finding.where.file = kernel.shown;
  } catch (const StepStop&) {  // its own test says so
  } catch (const std::invalid_argument&) {
  } catch (const Json::exception&) {
  }
  return findings;
}

}  // namespace

void judge_without_steps(Session& session, const DecompositionFolder& folder, Report& report) {
  CodeForms forms(session);
  const auto levels = read_level_folders(forms, folder, report.findings);
  const auto source = read_source_model(forms, folder, session.named_source(folder.root), levels, report.findings);
  std::string kernel;
  for (const CustodyFile& file : levels)
    if (source && file.level == 0 && is_source(file, *source)) kernel = file.shown;
  if (kernel.empty()) {
    Finding finding{"decomposition-no-steps", Severity::error, {folder.shown + "/steps"},
                    "the decomposition has no step, and its source model is none of its kernels: nothing was proved",
                    "Add the steps; a model of one operation lies in level_0_kernel/ itself and needs none."};
    std::vector<CustodyFile> kernels;
    std::copy_if(levels.begin(), levels.end(), std::back_inserter(kernels), [](const CustodyFile& file) { return file.level == 0; });
    if (const NearestFile nearest = source ? nearest_file(*source, kernels) : NearestFile{}; nearest.file != nullptr) {
      finding.where = nearest.where;
      finding.message += "; the nearest is " + nearest.file->shown + ", which departs from " + source->shown + " in " + nearest.departs;
      finding.help = "Where the model is one operation, write the source's class, inputs and constructor values into the kernel, all dimensions as they are; else add the steps.";
    }
    report.findings.push_back(std::move(finding));
    return;
  }
  const std::vector<Component> components = read_components(session, folder.shown);
  for (const Component& component : components)
    if (component.level == 0 && !component.repeated)
      for (Finding& finding : more_than_one_operation(session, components, component)) report.findings.push_back(std::move(finding));
  for (ComponentReport& component : test_each(session, components, {}, nullptr, nullptr)) report.components.push_back(std::move(component));
}

}  // namespace decomp
