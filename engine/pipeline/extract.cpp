// The engine's entry of `extract-ops`: a model's operations by four ways, and which of them the kernels make.

#include <algorithm>
#include <map>
#include <mutex>

#include "checks/coverage_chain.h"
#include "checks/coverage_workload.h"
#include "core/error.h"
#include "pipeline/components.h"
#include "pipeline/custody_files.h"
#include "pipeline/engine.h"
#include "pipeline/extraction_tiers.h"
#include "pipeline/over_cores.h"
#include "pipeline/run_alone.h"
#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"
#include "pipeline/step_record.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

bool is_error(const Finding& finding) { return finding.severity == Severity::error; }

class Extraction {
 public:
  Extraction(Session& session, const CoverageRequest& request) : session_(session), request_(request), forms_(session) {}

  Report run() {
    model_ = read_component_files(session_, {request_.model});
    for (const Finding& finding : model_[0].findings) add(finding);
    if (model_[0].findings.empty()) {
      model_identity_ = identity_of(model_[0]);
      CoverageReport coverage;
      try {
        if (request_.graphs)
          both([&] { tiers_ = extraction_tiers(session_, model_, model_[0]); }, [&] { coverage = cover(); });
        else
          coverage = cover();
        finish(coverage);
      } catch (const StepStop& stop) {
        add(stop.finding);
      } catch (const StepUndecided& undecided) {
        add(undecided.finding);
        undecided_ = true;
      } catch (const Error&) {
        if (!interrupted()) throw;
      } catch (const Json::exception& error) {
        add({"run-garbled", Severity::error, {model_[0].shown}, std::string("its job gave an answer that cannot be read: ") + error.what(), ""});
      } catch (const std::invalid_argument& error) {
        add({"run-garbled", Severity::error, {model_[0].shown}, std::string("its job gave an answer that cannot be read: ") + error.what(), ""});
      }
    }
    if (interrupted()) {  // what was found is not told from what was cut off
      report_.coverage.clear();
      report_.findings = {{"run-interrupted", Severity::error, {model_[0].shown}, "was interrupted before its operations were looked for", "Run it again."}};
      undecided_ = true;
    }
    report_.status = undecided_ ? Status::not_decided : std::any_of(report_.findings.begin(), report_.findings.end(), is_error) ? Status::fail : Status::pass;
    return std::move(report_);
  }

 private:
  bool interrupted() const { return request_.interrupted != nullptr && *request_.interrupted != 0; }

  // Identities of code, so that copies are one component.
  std::string identity_of(const Source& source) {
    const CodeForm* form = forms_.known(source.sha256);
    return form != nullptr ? form->identity : "";
  }
  std::string identity_of(const Component& component) { return component.source ? identity_of(*component.source) : ""; }

  CoverageReport cover() {
    const std::vector<Component> kernels = read_component_files(
        session_, request_.decomposition.empty() ? request_.children : python_files(request_.decomposition / level_folders[0]));
    for (const Component& kernel : kernels)
      for (const Finding& finding : kernel.findings) add(finding);
    record_steps(kernels);
    for (std::size_t i = 0; i < steps_.size(); ++i)
      if (steps_[i].identity == model_identity_) return with_idle_kernels(cover_chain(steps_, i), kernels);
    return without_steps(kernels);
  }

  // Kernels that no step uses are listed too, with no instance.
  static CoverageReport with_idle_kernels(CoverageReport coverage, const std::vector<Component>& kernels) {
    for (const Component& kernel : kernels)
      if (std::none_of(coverage.children.begin(), coverage.children.end(), [&](const CoverageChild& c) { return c.path == kernel.shown; }))
        coverage.children.push_back({kernel.shown, 0, {}});
    return coverage;
  }

  void record_steps(const std::vector<Component>& kernels) {
    std::map<std::string, std::string> kernel_paths;  // identity -> path as shown
    for (const Component& kernel : kernels)
      if (kernel.source) kernel_paths.emplace(identity_of(kernel), kernel.shown);
    const std::vector<StepFiles> files = step_files();
    std::vector<StepRecord> records(files.size());
    over_cores(files.size(), session_.steps_at_once(), [&](std::size_t i) { records[i] = record_step(session_, files[i]); });
    for (StepRecord& record : records) {
      for (const Finding& finding : record.findings) add(finding);
      undecided_ = undecided_ || record.undecided;
      if (!record.step) continue;
      RecordedStep step = std::move(*record.step);
      step.identity = identity_of(*record.original);
      for (std::size_t c = 0; c < step.children.size(); ++c) {
        RecordedChild& child = step.children[c];
        child.identity = identity_of(record.children[c]);
        const auto kernel = kernel_paths.find(child.identity);
        child.kernel = kernel != kernel_paths.end();
        if (child.kernel) child.path = kernel->second;
      }
      steps_.push_back(std::move(step));
    }
  }

  // The steps to record: all of the decomposition, or the one that the named children belong to.
  std::vector<StepFiles> step_files() {
    std::vector<StepFiles> files;
    std::error_code ignored;
    if (request_.decomposition.empty()) {
      const fs::path folder = fs::path(request_.children.at(0)).parent_path();
      const fs::path root = folder.has_parent_path() ? folder.parent_path() : fs::path("..");
      if (!fs::exists(root / "refactored.py", ignored)) return {};
      files.push_back(step_in(root, root.lexically_normal().generic_string()));
      files.back().children = folder;
    } else if (fs::is_directory(request_.decomposition / "steps", ignored)) {
      try {
        files = find_steps(request_.decomposition / "steps");
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::nothing) throw;
      }
    }
    // The step of the model itself runs the file that was named: its lines are the ones to tell.
    for (StepFiles& step : files)
      if (request_.decomposition.empty() || is_model(step.original)) step.original = request_.model;
    return files;
  }

  bool is_model(const fs::path& file) {
    std::vector<Finding> ignored;
    const CodeForm* form = forms_.read(file, file.generic_string(), {}, ignored);
    return form != nullptr && !form->identity.empty() && form->identity == model_identity_;
  }

  CoverageReport without_steps(const std::vector<Component>& kernels) {
    const std::string where = model_[0].shown;
    const std::string folder = request_.decomposition.empty() ? "the children's folder" : request_.decomposition.generic_string();
    // A model of one operation is its own kernel and has no step.
    const bool kernel_itself = std::any_of(kernels.begin(), kernels.end(), [&](const Component& kernel) { return identity_of(kernel) == model_identity_; });
    if (!kernel_itself)
      add({"coverage-not-recorded", Severity::warning, {where},
           "no step of " + folder + " that could be run takes this model apart; each kernel is taken to stand for all calls of its workload",
           "Name the model that the steps take apart, or mend its step."});
    const OwnRun model = run_finite(session_, model_, model_[0], {.lines = true});
    std::vector<std::optional<OwnRun>> done(kernels.size());
    std::mutex mutex;
    over_cores(kernels.size(), session_.steps_at_once(), [&](std::size_t i) {
      if (!kernels[i].findings.empty()) return;
      try {
        done[i] = run_finite(session_, kernels, kernels[i], {.lines = true});
      } catch (const StepStop& stop) {
        std::lock_guard lock(mutex);
        add(stop.finding);
      } catch (const StepUndecided& undecided) {
        std::lock_guard lock(mutex);
        add(undecided.finding);
        undecided_ = true;
      }
    });
    std::vector<KernelRun> runs;
    for (std::size_t i = 0; i < kernels.size(); ++i)
      if (done[i]) runs.push_back({kernels[i].shown, std::move(done[i]->result.tape), std::move(done[i]->files)});
    return cover_by_workload(model.result.tape, model.modules, model.files, runs);
  }

  void finish(CoverageReport& coverage) {
    coverage.model_file = model_[0].shown;
    coverage.tiers = std::move(tiers_);
    ExtractionTier tape{"native_tape", true, "", {}, 0, 0};
    for (const CoveredOperation& operation : coverage.operations)
      if (operation.original > 0) tape.calls[operation.name] = operation.original;
    coverage.tiers.push_back(std::move(tape));
    for (const CoverageGap& gap : coverage.missing)
      add({"coverage-missing", Severity::error, gap.where.line > 0 ? gap.where : Location{coverage.model_file},
           "`" + gap.name + "`" + (gap.component.empty() ? "" : " in `" + gap.component + "`") + times(gap.count) + " is made by no kernel",
           "Make a kernel of the operation, and use it in the step that takes its component apart."});
    for (const CoverageGap& gap : coverage.extra)
      add({"coverage-extra", Severity::error, gap.where.line > 0 ? gap.where : Location{gap.component},
           "`" + gap.name + "`" + times(gap.count) + " is made here; the original has no such call", "Remove the operation: a decomposition adds nothing."});
    report_.coverage.push_back(std::move(coverage));
  }

  static std::string times(std::int64_t count) { return count == 1 ? "" : " (" + std::to_string(count) + " times)"; }

  void add(const Finding& finding) {
    const auto same = [&](const Finding& f) { return f.rule == finding.rule && f.where.file == finding.where.file && f.where.line == finding.where.line && f.message == finding.message; };
    if (std::none_of(report_.findings.begin(), report_.findings.end(), same)) report_.findings.push_back(finding);
  }

  Session& session_;
  const CoverageRequest& request_;
  CodeForms forms_;
  std::vector<Component> model_;  // one
  std::string model_identity_;
  std::vector<RecordedStep> steps_;
  std::vector<ExtractionTier> tiers_;
  bool undecided_ = false;  // for want of memory, or of time
  Report report_;
};

}  // namespace

Report extract_operations(const CoverageRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  Session session(options, spawned);
  return cover_operations(session, request);
}

Report cover_operations(Session& session, const CoverageRequest& request) {
  const auto start = Clock::now();
  Report report = Extraction(session, request).run();
  report.versions = session.versions();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace decomp
