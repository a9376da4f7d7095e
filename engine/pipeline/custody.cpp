#include "pipeline/custody.h"

#include <algorithm>

#include "core/error.h"
#include "pipeline/custody_files.h"
#include "pipeline/step_groups.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

void judge(Session& session, const StepGroup& group, const std::vector<StepFiles>& steps, Report& report) {
  CodeForms forms(session);
  CustodyCase custody;
  for (const auto& places : group.steps)
    custody.steps.push_back(read_step(forms, steps[places.front()], report.steps[places.front()]));
  custody.levels = read_level_folders(forms, *group.folder, report.findings);
  custody.source = read_source_model(forms, *group.folder, session.named_source(group.folder->root), custody.levels, report.findings);
  CustodyVerdict verdict = judge_custody_chain(custody);
  for (std::size_t i = 0; i < group.steps.size(); ++i)
    for (std::size_t place : group.steps[i]) add_to_step(report.steps[place], verdict.steps[i], verdict.undecided[i]);
  std::move(verdict.others.begin(), verdict.others.end(), std::back_inserter(report.findings));
}

}  // namespace

void validate_source(const CheckOptions& options, const std::vector<StepFiles>& steps) {
  if (options.source.empty()) return;
  std::error_code ignored;
  if (!fs::is_regular_file(options.source, ignored))
    throw Error(ErrorKind::usage, "--source: there is no file " + options.source.string());
  const auto groups = decompositions_of(steps);
  if (groups.empty())
    throw Error(ErrorKind::usage,
                "--source: name the folder of the whole decomposition; a step alone has its original.py as source");
  if (groups.size() > 1)
    throw Error(ErrorKind::usage, "--source is one model; of " + groups[0].folder->shown + " and " +
                                      groups[1].folder->shown + " check one at a time");
}

void judge_custody(Session& session, const std::vector<StepFiles>& steps, Report& report) {
  for (const StepGroup& group : decompositions_of(steps)) {
    try {
      judge(session, group, steps, report);
    } catch (const Error& error) {
      const Finding finding{"custody-not-decided",
                            Severity::error,
                            {group.folder->shown},
                            std::string("custody could not be judged: ") + error.what(),
                            "Run the check again."};
      for (const auto& places : group.steps)
        for (std::size_t place : places) add_to_step(report.steps[place], {finding}, true);
    }
  }
}

}  // namespace decomp
