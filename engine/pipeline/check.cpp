// decomp::check and decomp::verify_step: many steps over the cores, in a stable order.

#include <dlfcn.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <iterator>
#include <thread>

#include "checks/custody.h"
#include "core/error.h"
#include "core/read_log.h"
#include "decomp/decomp.h"
#include "pipeline/artefacts.h"
#include "pipeline/child_inputs.h"
#include "pipeline/component_tests.h"
#include "pipeline/compositions.h"
#include "pipeline/custody.h"
#include "pipeline/decomposition.h"
#include "pipeline/engine.h"
#include "pipeline/equal_inputs.h"
#include "pipeline/judge.h"
#include "pipeline/options.h"
#include "pipeline/preparation.h"
#include "pipeline/step.h"
#include "pipeline/step_groups.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

Status overall(const Report& report) {
  Status status = Status::pass;
  for (const auto* reports : {&report.steps, &report.compositions})
    for (const StepReport& step : *reports) {
      if (step.status == Status::fail || step.status == Status::vacuous) return Status::fail;
      if (step.status == Status::not_decided) status = Status::not_decided;
      if (step.status == Status::skipped && status == Status::pass) status = Status::skipped;
    }
  for (const ComponentReport& component : report.components) {
    if (component.status == Status::fail) return Status::fail;
    if (component.status == Status::not_decided) status = Status::not_decided;
  }
  for (const Finding& finding : report.findings)
    if (finding.severity == Severity::error) return Status::fail;
  return status;
}

// The composition's original is, up to comments, that of the decomposition's first step.
void want_transcript(Session& session, const StepFiles& composition) {
  const auto source = read_source(composition.original, composition.original.string());
  const auto* read = std::get_if<Source>(&source);
  if (read == nullptr) return;
  try {
    session.transcripts().want(composition.decomposition->root.string(), code_identity(*session.parse(*read)));
  } catch (const JobFailure&) {  // judging the composition says so
  }
}

StepReport not_judged(const StepFiles& files, const std::string& rule, const std::string& why, const std::string& help) {
  StepReport report;
  report.path = files.composition ? files.shown + "/verification/composition_test.py" : files.shown;
  report.status = Status::not_decided;
  report.findings.push_back({rule, Severity::error, {files.shown}, why, help});
  return report;
}

// Every component of the decompositions alone. (A step that stands alone is judged by its runs.)
void test_decompositions(Session& session, const StepsRequest& request, const std::vector<StepEvidence>& evidence, Report& report) {
  RanOriginals originals;
  for (std::size_t i = 0; i < evidence.size(); ++i)
    if (report.steps[i].status == Status::pass && evidence[i].ran && evidence[i].finite && evidence[i].outputs)
      originals[evidence[i].original_sha256] = &evidence[i];
  for (const StepGroup& group : decompositions_of(request.steps))
    for (ComponentReport& component : test_each(session, read_components(session, group.folder->shown), originals, request.interrupted, nullptr))
      report.components.push_back(std::move(component));
}

}  // namespace

fs::path find_worker(const CheckOptions& options) {
  if (!options.worker.empty()) return options.worker;
  if (const char* named = std::getenv("DECOMP_WORKER"); named != nullptr && *named != '\0') return named;
  std::vector<fs::path> candidates;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(&find_worker), &info) != 0 && info.dli_fname != nullptr) {
    fs::path here = fs::weakly_canonical(info.dli_fname).parent_path();
    candidates = {here / "decomp", here.parent_path() / "bin" / "decomp", here.parent_path().parent_path() / "bin" / "decomp"};
  }
  for (const fs::path& candidate : candidates) {
    std::error_code ignored;
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  throw Error(ErrorKind::infrastructure, "cannot find the decomp binary beside the library; set DECOMP_WORKER to its path");
}

Report run_steps(const StepsRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  const ReadLog log;
  validate_source(options, request.steps);
  Session session(options, spawned);
  Report report = judge_steps(session, request);
  report.versions = session.versions();
  if (request.reads != nullptr) {
    request.reads->files = log.reads(request.reads->consistent);
    std::tie(request.reads->torch_folder, request.reads->library_folder) = session.python_folders();
  }
  return report;
}

Report judge_steps(Session& session, const StepsRequest& request) {
  auto start = Clock::now();
  const CheckOptions& options = session.options();
  const std::vector<StepFiles>& steps = request.steps;
  const auto interrupted = [&] { return request.interrupted != nullptr && *request.interrupted != 0; };
  Report report;
  std::vector<StepReport> prepared;  // phase 0 comes first: of a source that needs more than torch the wrapper is the source then
  if (request.whole && !interrupted()) prepared = judge_preparations(session, steps);
  const NamedSource source_of = [&](const DecompositionFolder& folder) { return session.named_source(folder.root); };
  std::vector<StepFiles> all = steps;  // the steps, then the compositions
  if (request.whole)
    for (StepFiles& composition : find_compositions(steps, source_of, report.findings)) all.push_back(std::move(composition));
  for (std::size_t c = steps.size(); c < all.size(); ++c) want_transcript(session, all[c]);
  std::vector<StepReport> reports(all.size());
  std::vector<StepEvidence> evidence(all.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr broken;
  auto work = [&] {
    for (std::size_t i; (i = next++) < all.size();) {
      try {
        if (!interrupted()) reports[i] = verify(session, all[i], evidence[i]);
        if (interrupted()) {  // what ended by itself is not told from what was ended
          reports[i] = not_judged(all[i], "run-interrupted", "was interrupted", "Run it again.");
          evidence[i] = {};
          continue;
        }
        reports[i].coverage_percent = coverage_percent(reports[i], evidence[i]);
      } catch (const Error& e) {
        reports[i] = interrupted() ? not_judged(all[i], "run-interrupted", "was interrupted", "Run it again.")
                                   : not_judged(all[i], "run-not-decided", e.what(), "Try again.");
        std::lock_guard lock(mutex);
        if (e.kind() == ErrorKind::usage && !broken) broken = std::current_exception();
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!broken) broken = std::current_exception();
      }
      if (options.on_step) {
        std::lock_guard lock(mutex);
        options.on_step(reports[i], i, all.size());
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < session.steps_at_once() && static_cast<std::size_t>(i) < all.size(); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  session.transcripts().forget();
  if (broken) std::rethrow_exception(broken);
  const auto first_composition = static_cast<std::ptrdiff_t>(steps.size());
  report.steps.assign(std::make_move_iterator(reports.begin()), std::make_move_iterator(reports.begin() + first_composition));
  report.compositions.assign(std::make_move_iterator(reports.begin() + first_composition), std::make_move_iterator(reports.end()));
  if (!interrupted()) equate_components(session, steps);
  for (std::size_t c = 0; c < report.compositions.size() && !interrupted(); ++c)
    judge_composition_kernels(session, steps, report.steps, all[steps.size() + c], evidence[steps.size() + c], report.compositions[c]);
  evidence.resize(steps.size());
  if (!interrupted()) {
    reconcile_child_inputs(report.steps);
    judge_custody(session, steps, report);
    judge_decompositions(session, steps, evidence, report, request.fixes);
    if (request.whole) {
      judge_artefacts(session, steps, evidence, report);
      test_decompositions(session, request, evidence, report);
      std::move(prepared.begin(), prepared.end(), std::back_inserter(report.steps));
    }
    for (const DecompositionFolder& folder : request.without_steps) judge_without_steps(session, folder, report);
  }
  report.status = overall(report);
  report.settings = {{"num_trials", std::to_string(options.num_trials)},
                     {"device", options.device},
                     {"workspace_rules", options.workspace_rules ? "true" : "false"},
                     {"skip_anticheat", options.skip_anticheat ? "true" : "false"}};
  if (options.wall_seconds) report.settings["wall_seconds"] = fmt::format("{}", *options.wall_seconds);
  if (options.cpu_seconds) report.settings["cpu_seconds"] = fmt::format("{}", *options.cpu_seconds);
  if (options.memory_bytes) report.settings["memory_bytes"] = std::to_string(*options.memory_bytes);
  if (options.output_bytes) report.settings["output_bytes"] = std::to_string(*options.output_bytes);
  if (options.rtol) report.settings["rtol"] = fmt::format("{}", *options.rtol);
  if (options.atol) report.settings["atol"] = fmt::format("{}", *options.atol);
  if (!options.source.empty()) report.settings["source"] = options.source.string();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

Report check(const std::vector<fs::path>& paths, const CheckOptions& options) {
  validate(options);
  std::vector<StepFiles> steps;
  for (const fs::path& path : paths)
    for (StepFiles& step : find_steps(path)) steps.push_back(std::move(step));
  return run_steps({steps, true}, options, spawn_worker({find_worker(options), "", false}));
}

Report verify_step(const fs::path& original, const fs::path& refactored, const std::optional<fs::path>& weight_map,
                   const CheckOptions& options) {
  validate(options);
  StepFiles step = step_from_files(original, refactored, weight_map);
  CheckOptions lone = options;
  lone.workspace_rules = false;
  return run_steps({{step}}, lone, spawn_worker({find_worker(options), "", false}));
}

}  // namespace decomp
