#include "pipeline/artefacts.h"

#include <algorithm>

#include "checks/artefacts.h"
#include "core/error.h"
#include "pipeline/custody_files.h"
#include "pipeline/engine.h"
#include "pipeline/tree_facts.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr std::size_t most_bytes = 64u << 20;

class Artefacts {
 public:
  Artefacts(Session& session, const GroupSteps& steps, Report& report)
      : session_(session), steps_(steps), folder_(*steps.group.folder), report_(report), forms_(session) {
    std::vector<Finding> said_by_custody;
    levels_ = read_level_folders(forms_, folder_, said_by_custody);
    if (const auto model = read_source_model(forms_, folder_, session.named_source(folder_.root), levels_, said_by_custody); model && model->form != nullptr) model_ = model->form->identity;
  }

  void judge() {
    absences();
    tree();
    log();
    reports();
    coverage();
  }

 private:
  bool exists(const std::string& path) const {
    std::error_code ignored;
    return fs::exists(folder_.root / path, ignored);
  }
  std::string shown(const std::string& path) const { return folder_.shown + "/" + path; }

  void absences() {
    for (const RequiredArtefact& required : required_artefacts()) {
      std::error_code ignored;
      const fs::path path = folder_.root / required.path;
      const bool folder = required.path == std::string(level_folders[0]);
      const bool empty = folder ? python_files(path).empty() : fs::is_regular_file(path, ignored) && blank(path);
      if (exists(required.path) && !empty) continue;
      report_.findings.push_back({"artefact-missing", required.severity, {shown(required.path)},
                                  std::string(exists(required.path) ? "is empty" : "there is no such ") + (exists(required.path) ? "" : folder ? "folder" : "file"), required.help});
    }
  }

  static bool blank(const fs::path& file) {
    const auto source = read_source(file, "", most_bytes);
    const auto* read = std::get_if<Source>(&source);
    return read != nullptr && read->bytes.find_first_not_of(" \t\r\n") == std::string::npos;
  }

  // Nothing for a file that is not there or empty: absences() says so.
  std::optional<Document> document(const fs::path& file, const std::string& name, const std::string& schema, const std::string& rule) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file, ignored)) || blank(file)) return std::nullopt;
    auto source = read_source(file, name, most_bytes, folder_.root);
    if (auto* finding = std::get_if<Finding>(&source)) {
      report_.findings.push_back(std::move(*finding));
      return std::nullopt;
    }
    return parse_document(name, std::move(std::get<Source>(source).bytes), schema, rule, report_.findings);
  }

  void add(std::vector<Finding> findings) { std::move(findings.begin(), findings.end(), std::back_inserter(report_.findings)); }

  void tree() {
    if (const auto read = document(folder_.root / "decomposition_tree.json", shown("decomposition_tree.json"), "decomposition_tree", "tree-json"))
      add(check_tree(*read, tree_facts(session_, forms_, steps_, levels_, model_)));
  }

  void log() {
    if (const auto read = document(folder_.root / "decomposition_log.json", shown("decomposition_log.json"), "decomposition_log", "log-json"))
      add(check_log(*read, [&](const std::string& path) { return exists(path); }));
  }

  // Their numbers are never evidence; that they can be read is asked.
  void reports() {
    const auto judge = [&](const fs::path& folder, const std::string& shown_folder) {
      std::vector<fs::path> files;
      std::error_code error;
      for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) files.push_back(it->path());
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files)
        if (const auto schema = schema_of_report(file.filename().string())) document(file, shown_folder + "/" + file.filename().string(), *schema, "artefact-json");
    };
    judge(folder_.root / "verification", shown("verification"));
    for (std::size_t s = 0; s < steps_.group.steps.size(); ++s) judge(steps_.files(s).root, steps_.files(s).shown);
  }

  // Below 100 % is an error. Where a step did not run, what its kernels make is not known; the step says why.
  void coverage() {
    for (std::size_t s = 0; s < steps_.group.steps.size(); ++s)
      if (!steps_.seen(s).ran) return;
    const std::vector<RecordedStep> recorded = coverage_steps(forms_, steps_, levels_);
    const auto top = std::find_if(recorded.begin(), recorded.end(), [&](const RecordedStep& step) { return !model_.empty() && step.identity == model_; });
    if (top == recorded.end()) return;  // custody says that no step takes the source apart
    const CoverageReport found = cover_chain(recorded, static_cast<std::size_t>(top - recorded.begin()));
    if (found.missing.empty() && found.extra.empty()) return;
    if (gaps_by_line()) return;
    add_gaps(found, found.missing, "coverage-missing", " is made by no kernel", "Make a kernel of the operation, and use it in the step that takes its component apart.");
    add_gaps(found, found.extra, "coverage-extra", " is made by the kernels; the original has no such call", "Remove the operation: a decomposition adds nothing.");
  }

  // The steps once more with the lines of the files that called each operation, which a run that finds nothing has no use for. False
  // where that run does not show the gaps.
  bool gaps_by_line() {
    const auto source = find_source_file(folder_, session_.options().source);
    if (!source) return false;
    std::vector<Finding> gaps;
    for (Finding& finding : cover_operations(session_, {*source, folder_.root, {}, false}).findings)
      if (finding.rule == "coverage-missing" || finding.rule == "coverage-extra") gaps.push_back(std::move(finding));
    add(gaps);
    return !gaps.empty();
  }

  void add_gaps(const CoverageReport& found, const std::vector<CoverageGap>& gaps, const char* rule, const std::string& words, const char* help) {
    for (const CoverageGap& gap : gaps)
      report_.findings.push_back({rule, Severity::error, {folder_.shown},
                                  "`" + gap.name + "`" + (gap.component.empty() ? "" : " in `" + gap.component + "`") +
                                      (gap.count == 1 ? "" : " (" + std::to_string(gap.count) + " times)") + words + "; covered: " + std::to_string(found.covered) + " of " +
                                      std::to_string(found.total_original) + " compute operations",
                                  help});
  }

  Session& session_;
  const GroupSteps& steps_;
  const DecompositionFolder& folder_;
  Report& report_;
  CodeForms forms_;
  std::vector<CustodyFile> levels_;
  std::string model_;  // identity of the source, "" where it is not known
};

}  // namespace

void judge_artefacts(Session& session, const std::vector<StepFiles>& steps, const std::vector<StepEvidence>& evidence, Report& report) {
  for (const StepGroup& group : decompositions_of(steps)) {
    try {
      Artefacts(session, GroupSteps{group, steps, evidence}, report).judge();
    } catch (const Error& error) {
      for (const auto& places : group.steps)
        for (std::size_t place : places)
          add_to_step(report.steps[place], {{"run-not-decided", Severity::error, {group.folder->shown}, std::string("the tree and its reports could not be judged: ") + error.what(), "Run the check again."}}, true);
    }
  }
}

}  // namespace decomp
