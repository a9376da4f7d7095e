// decomp check PATH...

#include <algorithm>

#include "cli/cached_check.h"
#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/fix.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "core/error.h"

namespace decomp {

namespace {

std::ptrdiff_t errors_in(const Report& report) {
  const auto count = [](const std::vector<Finding>& findings) {
    return std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
  };
  std::ptrdiff_t errors = count(report.findings);
  for (const StepReport& step : report.steps) errors += count(step.findings);
  return errors;
}

// The report of the mended decompositions. Where mending made it worse, all is as it was.
Report check_mended(const std::vector<std::string>& paths, const std::vector<KernelFixes>& fixes, Report before, const CheckOptions& options, std::ostream& err) {
  AppliedFixes applied = AppliedFixes::apply(fixes, err);
  std::vector<StepFiles> steps;
  for (const std::string& path : paths)
    for (StepFiles& step : find_steps(path)) steps.push_back(std::move(step));
  Report after = load_and_run(StepsRequest{steps, true}, options);
  if (errors_in(after) < errors_in(before)) return after;
  applied.undo();
  err << "the names are as they were: with others the check finds no fewer errors\n";
  return before;
}

}  // namespace

int cmd_check(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Judges steps, decompositions (all that belongs to them) or a tree of them. Writes nothing without --fix.", "decomp check");
  std::vector<std::string> paths;
  CommonOptions options;
  app.add_option("PATH", paths, "Folders: a step, a decomposition, or a tree of decompositions");
  std::string source;
  app.add_option("--source", source, "The model that was decomposed, in place of the one that decomposition_tree.json names");
  bool fix = false;
  app.add_flag("--fix", fix, "Give kernels the names that decomp would give, merge those that hold one workload, and check again");
  options.add_to(app);
  options.add_cache_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (paths.empty()) throw Error(ErrorKind::usage, "give the folder of a step or of a decomposition: decomp check PATH");
  std::vector<StepFiles> steps;
  std::vector<DecompositionFolder> without_steps;
  for (const std::string& path : paths) {
    std::vector<DecompositionFolder> lone;
    if (std::filesystem::is_directory(path))
      for (DecompositionFolder& folder : find_decompositions(path))
        if (!std::filesystem::exists(folder.root / "steps")) lone.push_back(std::move(folder));
    std::vector<StepFiles> found;
    try {
      found = find_steps(path);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::nothing || lone.empty()) throw;
    }
    std::move(lone.begin(), lone.end(), std::back_inserter(without_steps));
    // A step that is named on the command line must have its files; inside a larger tree that is a finding.
    if (found.size() == 1 && found[0].root == std::filesystem::path(path))
      for (const auto& file : {found[0].original, found[0].refactored})
        if (!std::filesystem::exists(file))
          throw Error(ErrorKind::usage, path + " is no complete step: it has no " + file.filename().string());
    for (StepFiles& step : found) steps.push_back(std::move(step));
  }
  options.check.source = source;
  std::vector<Finding> settings = options.complete(app, paths[0], steps);
  show_progress(options, steps.size());
  const std::vector<std::filesystem::path> judged(paths.begin(), paths.end());
  choose_cache(options, judged);
  std::vector<KernelFixes> fixes;
  const auto judge = [&](ReadFiles* reads) {
    return load_and_run(StepsRequest{steps, true, fix ? &fixes : nullptr, without_steps, interrupt_flag(), reads}, options.check);
  };
  Report report = fix ? judge(nullptr) : cached_report(judged, options.check, judge);
  if (!fixes.empty() && !was_interrupted()) report = check_mended(paths, fixes, std::move(report), options.check, err);
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  return interrupted_or(finish(report, options, out));
}

}  // namespace decomp
