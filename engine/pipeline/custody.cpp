#include "pipeline/custody.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "pipeline/custody_files.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// A decomposition, and where its steps are in the report. A step that was named twice is in several places.
struct Group {
  DecompositionFolder folder;
  std::vector<std::vector<std::size_t>> steps;
};

std::vector<Group> groups_of(const std::vector<StepFiles>& steps) {
  std::vector<Group> groups;
  std::map<fs::path, std::size_t> group_at;
  std::map<fs::path, std::pair<std::size_t, std::size_t>> step_at;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].decomposition) continue;
    const DecompositionFolder& folder = *steps[i].decomposition;
    const auto [group, fresh] = group_at.emplace(folder.root, groups.size());
    if (fresh) groups.push_back({folder, {}});
    auto& places = groups[group->second].steps;
    const auto [step, first] =
        step_at.emplace(folder.root / "steps" / steps[i].root.filename(), std::pair{group->second, places.size()});
    if (first) places.emplace_back();
    places[step->second.second].push_back(i);
  }
  return groups;
}

bool is_error(const Finding& finding) { return finding.severity == Severity::error; }

void add_to(StepReport& step, const std::vector<Finding>& findings, bool undecided) {
  step.findings.insert(step.findings.end(), findings.begin(), findings.end());
  if (step.status != Status::pass) return;
  if (undecided)
    step.status = Status::not_decided;
  else if (std::any_of(findings.begin(), findings.end(), is_error))
    step.status = Status::fail;
}

void judge(Session& session, const Group& group, const std::vector<StepFiles>& steps, Report& report) {
  CodeForms forms(session);
  CustodyCase custody;
  for (const auto& places : group.steps)
    custody.steps.push_back(read_step(forms, steps[places.front()], report.steps[places.front()]));
  custody.levels = read_level_folders(forms, group.folder, report.findings);
  custody.source = read_source_model(forms, group.folder, session.options().source, custody.levels, report.findings);
  CustodyVerdict verdict = judge_custody_chain(custody);
  for (std::size_t i = 0; i < group.steps.size(); ++i)
    for (std::size_t place : group.steps[i]) add_to(report.steps[place], verdict.steps[i], verdict.undecided[i]);
  std::move(verdict.others.begin(), verdict.others.end(), std::back_inserter(report.findings));
}

}  // namespace

void validate_source(const CheckOptions& options, const std::vector<StepFiles>& steps) {
  if (options.source.empty()) return;
  std::error_code ignored;
  if (!fs::is_regular_file(options.source, ignored))
    throw Error(ErrorKind::usage, "--source: there is no file " + options.source.string());
  const auto groups = groups_of(steps);
  if (groups.empty())
    throw Error(ErrorKind::usage,
                "--source: name the folder of the whole decomposition; a step alone has its original.py as source");
  if (groups.size() > 1)
    throw Error(ErrorKind::usage, "--source is one model; of " + groups[0].folder.shown + " and " +
                                      groups[1].folder.shown + " check one at a time");
}

void judge_custody(Session& session, const std::vector<StepFiles>& steps, Report& report) {
  for (const Group& group : groups_of(steps)) {
    try {
      judge(session, group, steps, report);
    } catch (const Error& error) {
      const Finding finding{"custody-not-decided",
                            Severity::error,
                            {group.folder.shown},
                            std::string("custody could not be judged: ") + error.what(),
                            "Run the check again."};
      for (const auto& places : group.steps)
        for (std::size_t place : places) add_to(report.steps[place], {finding}, true);
    }
  }
}

}  // namespace decomp
