#include "pipeline/step_cache.h"

#include <filesystem>

#include "host/worker.h"
#include "pipeline/evidence_archive.h"
#include "pipeline/kept.h"
#include "pipeline/step_sources.h"
#include "report/archive.h"
#include "report/archive_types.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

struct KeptStep {
  std::string report, evidence;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KeptStep, report, evidence)

// Names that bear on the verdict of a composition without being read (judge_composition_sources).
Json names_above_kernels(const StepContext& step) {
  Json names = Json::array();
  if (!step.files.composition) return names;
  for (int level = 1; level < 4; ++level)
    for (const fs::path& file : python_files(step.files.root / level_folders[level])) names.push_back(std::string(level_folders[level]) + "/" + file.filename().string());
  return names;
}

// Everything that the stages after read_sources() depend on. What was read is what is digested: nobody can change it in between.
std::string name_of(const StepContext& step) {
  Json files = Json::array();
  const auto add = [&](const char* role, const Source& source) { files.push_back({role, source.path, source.module, source.sha256}); };
  add("original", *step.original);
  add("refactored", *step.refactored);
  if (step.weight_map) add("weight map", *step.weight_map);
  for (const Source& child : step.children) add("child", child);
  return Json{{"kind", "step"},
              {"files", files},
              {"names", names_above_kernels(step)},
              {"shown", step.files.shown},
              {"original", step.report.original_file},
              {"refactored", step.report.refactored_file},
              {"map", step.report.weight_map_file},
              {"decomposition", step.report.decomposition},
              {"composition", step.files.composition.has_value()},
              {"threads", step.report.threads},
              {"options", kept_options(step.session.options())},
              {"machine", step.session.machine()}}
      .dump();
}

const ContentCache* cache_for(const StepContext& step) { return step.files.repeated ? nullptr : step.session.cache(); }

}  // namespace

bool recall_step(StepContext& step, StepEvidence& evidence) {
  const ContentCache* cache = cache_for(step);
  if (cache == nullptr) return false;
  const auto bytes = cache->get(name_of(step));
  if (!bytes) return false;
  try {
    const KeptStep kept = from_bytes<KeptStep>(*bytes);
    StepReport report = step_report_from(kept.report);
    StepEvidence seen = evidence_from(kept.evidence);
    // Rules of the whole decomposition read code, too.
    for (const Source* source : {&*step.original, &*step.refactored}) step.session.parse(*source);
    for (const Source& child : step.children) step.session.parse(child);
    step.report = std::move(report);
    evidence = std::move(seen);
    return true;
  } catch (const JobFailure&) {  // the parser ends on one of these files: that is to be said again
  } catch (const std::exception&) {
  }
  return false;
}

void keep_step(const StepContext& step, const StepEvidence& evidence) {
  const ContentCache* cache = cache_for(step);
  if (cache == nullptr || !step.original || !step.refactored || !can_be_kept(step.report)) return;
  StepReport report = step.report;
  report.cached = time_of_judging();
  cache->put(name_of(step), to_bytes(KeptStep{archived(report), archived(evidence)}));
}

}  // namespace decomp
