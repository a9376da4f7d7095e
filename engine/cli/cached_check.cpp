#include "cli/cached_check.h"

#include <algorithm>
#include <optional>

#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "core/error.h"
#include "host/cache.h"
#include "host/manifest.h"
#include "pipeline/kept.h"
#include "report/archive.h"
#include "report/archive_types.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

struct KeptReport {
  std::string manifest, report;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KeptReport, manifest, report)

bool lies_in(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path relative = fs::weakly_canonical(file, error).lexically_relative(fs::weakly_canonical(folder, error));
  return !relative.empty() && *relative.begin() != "..";
}

// The folder whose files can bear on what is judged at `path`: a step's own decomposition, because links may lead there.
fs::path judged_with(const fs::path& path) {
  const fs::path real = fs::weakly_canonical(path);
  return real.parent_path().filename() == "steps" ? real.parent_path().parent_path() : real;
}

// What the request is, apart from the files that it leads to.
std::string name_of(const std::vector<fs::path>& paths, const CheckOptions& options) {
  Json shown = Json::array(), real = Json::array();
  for (const fs::path& path : paths) {
    shown.push_back(path.string());
    real.push_back(fs::weakly_canonical(path).string());
  }
  const char* python = std::getenv("DECOMP_PYTHON");
  return Json{{"kind", "check"},  {"paths", shown},
              {"at", real},       {"folder", fs::current_path().string()},
              {"options", kept_options(options)}, {"python", python == nullptr ? "" : python},
              {"machine", processor()},           {"program", program_digest(options.worker)}}
      .dump();
}

std::optional<Report> recall(const ContentCache& cache, const std::string& name) {
  const auto bytes = cache.get(name);
  if (!bytes) return std::nullopt;
  try {
    const KeptReport kept = from_bytes<KeptReport>(*bytes);
    if (!Manifest::holds(Json::parse(kept.manifest))) return std::nullopt;
    return report_from(kept.report);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool whole_can_be_kept(const Report& report) {
  if (report.status == Status::not_decided || was_interrupted()) return false;
  for (const auto* steps : {&report.steps, &report.compositions})
    for (const StepReport& step : *steps) {
      // Phase 0 runs code of packages, too, which no manifest lists.
      if (!can_be_kept(step) || fs::path(step.path).filename().string().rfind("step_0", 0) == 0) return false;
    }
  for (const ComponentReport& component : report.components)
    if (!can_be_kept(component)) return false;
  return std::none_of(report.findings.begin(), report.findings.end(), finding_of_the_machine);
}

}  // namespace

void choose_cache(CommonOptions& options, const std::vector<fs::path>& judged) {
  options.check.cache.clear();
  const char* off = std::getenv("DECOMP_NO_CACHE");
  if (options.no_cache || (off != nullptr && *off != '\0')) return;
  const bool named = !options.cache.empty();
  const fs::path folder = named ? fs::absolute(options.cache) : default_cache_folder();
  if (folder.empty()) return;
  for (const fs::path& path : judged) {
    if (!lies_in(folder, judged_with(path))) continue;
    if (!named) return;
    throw Error(ErrorKind::usage, "--cache: " + folder.string() + " lies in " + path.string() + ", which is judged; name a folder outside");
  }
  options.check.cache = folder;
  if (options.check.worker.empty()) options.check.worker = self_path();
}

Report cached_report(const std::vector<fs::path>& paths, const CheckOptions& options, const std::function<Report(ReadFiles*)>& judge) {
  if (!can_keep(options)) return judge(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const auto cache = ContentCache::open(options.cache);
  if (!cache) return judge(nullptr);
  const std::string name = name_of(paths, options);
  if (auto report = recall(*cache, name)) {
    report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(*report);
  }
  ReadFiles reads;
  Manifest before;
  const bool known = std::all_of(paths.begin(), paths.end(), [&](const fs::path& path) { return before.add_folder(judged_with(path)); });
  Report report = judge(&reads);
  // Kept only if every file was read as it was before and is afterwards: what changed meanwhile was not judged as a whole.
  if (!known || !reads.consistent || !whole_can_be_kept(report) || !before.add_reads(reads.files)) return report;
  before.add_python(reads.torch_folder, reads.library_folder);
  const Json manifest = before.json();
  if (!Manifest::holds(manifest)) return report;
  Report kept = report;
  kept.cached = time_of_judging();
  for (auto* steps : {&kept.steps, &kept.compositions})
    for (StepReport& step : *steps)
      if (step.cached.empty()) step.cached = kept.cached;
  cache->put(name, to_bytes(KeptReport{manifest.dump(), archived(kept)}));
  return report;
}

}  // namespace decomp
