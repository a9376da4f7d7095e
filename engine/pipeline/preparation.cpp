#include "pipeline/preparation.h"

#include <set>

#include "checks/custody.h"
#include "checks/wrapper_imports.h"
#include "core/error.h"
#include "pipeline/custody_files.h"
#include "pipeline/wrapper.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// The source model of the decomposition, where it is a file with a class Model outside of it that imports more than torch.
std::optional<fs::path> source_beyond_torch(Session& session, const DecompositionFolder& decomposition) {
  const auto file = find_source_file(decomposition, session.options().source);
  std::error_code error;
  if (!file || fs::canonical(*file, error).string().rfind(fs::canonical(decomposition.root, error).string() + "/", 0) == 0) return std::nullopt;
  const auto source = read_source(*file, file->string());
  const Source* read = std::get_if<Source>(&source);
  if (read == nullptr) return std::nullopt;
  try {
    const auto facts = session.parse(*read);
    return code_form(*facts).has_model && !check_wrapper_imports(*facts).empty() ? file : std::nullopt;
  } catch (const JobFailure&) {  // custody says so
    return std::nullopt;
  }
}

StepReport judge(Session& session, const DecompositionFolder& decomposition, const fs::path& folder) {
  StepReport report;
  report.path = decomposition.shown + "/steps/" + folder.filename().string();
  report.decomposition = decomposition.shown;
  report.status = Status::fail;
  std::error_code ignored;
  fs::path native = folder / "verify_wrapper.py";
  if (!fs::exists(native, ignored)) native = folder / "original.py";
  std::vector<fs::path> models;  // of the highest level there is
  for (int level = 3; level > 0 && models.empty(); --level) models = python_files(decomposition.root / level_folders[level]);
  if (!fs::exists(native, ignored)) {
    report.findings.push_back({"step-missing-file", Severity::error, {report.path}, "phase 0 has no verify_wrapper.py (how the native model is built)",
                               "Write one that binds the native model to `original`, or delete the folder if the model never was in several files."});
    return report;
  }
  if (models.empty()) {
    report.findings.push_back({"step-missing-file", Severity::error, {report.path}, "phase 0 has no wrapper: no level folder holds the model",
                               "Put the self-contained model into level_3_model/."});
    return report;
  }
  const auto source = source_beyond_torch(session, decomposition);
  WrapperFiles files{report.path, native_model(source ? source->string() : native.string(), {}), models.front()};
  if (source) {  // then it says itself what the native model is
    files.native.shown = source->lexically_normal().string();
    files.same_operations = true;
  } else {
    files.native.shown = report.path + "/" + native.filename().string();
    files.native.folder = decomposition.root.string();  // the modules of a model of many files may lie anywhere in it
  }
  report = verify_wrapper(session, files);
  report.decomposition = decomposition.shown;
  if (source && report.status == Status::pass) session.prepare_source(decomposition.root, models.front());
  return report;
}

}  // namespace

std::vector<StepReport> judge_preparations(Session& session, const std::vector<StepFiles>& steps) {
  std::vector<StepReport> reports;
  std::set<fs::path> seen;
  for (const StepFiles& step : steps) {
    if (!step.decomposition || !seen.insert(step.decomposition->root).second) continue;
    std::error_code error;
    std::vector<fs::path> folders;
    for (fs::directory_iterator it(step.decomposition->root / "steps", error), end; !error && it != end; it.increment(error))
      if (it->is_directory() && it->path().filename().string().rfind("step_0", 0) == 0 && !is_step(it->path())) folders.push_back(it->path());
    for (const fs::path& folder : folders) reports.push_back(judge(session, *step.decomposition, folder));
  }
  return reports;
}

}  // namespace decomp
