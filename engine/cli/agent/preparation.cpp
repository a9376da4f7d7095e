#include "cli/agent/preparation.h"

#include <algorithm>
#include <sstream>

#include "cli/agent/native_script.h"
#include "cli/agent/workspace.h"
#include "cli/engine_loader.h"
#include "cli/prompt.h"
#include "core/digest.h"
#include "core/error.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp::agent {
namespace {

std::string text_of(const fs::path& file) {
  std::string text;
  if (!read_plain(fs::canonical(file), text)) throw Error(ErrorKind::usage, "cannot read " + file.string());
  return text;
}

bool passes(const Report& report) { return report.status == Status::pass && exit_code(report) == 0; }

// A report speaks of the file that the agent wrote, not of the copy that was judged.
void name_places(Report& report, const std::string& from, const std::string& to) {
  const auto name = [&](std::string& file) {
    if (file == from) file = to;
  };
  for (StepReport& step : report.steps) {
    for (std::string* file : {&step.path, &step.refactored_file}) name(*file);
    for (Finding& finding : step.findings) name(finding.where.file);
  }
  for (Finding& finding : report.findings) name(finding.where.file);
}

}  // namespace

Preparation::Preparation(const std::string& named, const LoopSettings& settings, fs::path root, fs::path beside)
    : name_(model_file_name(named)), native_(native_model(named, settings.config)), inputs_(settings.inputs), root_(std::move(root)), beside_(std::move(beside)) {
  if (!inputs_.empty() && !fs::is_regular_file(inputs_)) throw Error(ErrorKind::usage, "--inputs: there is no file " + inputs_);
}

std::string Preparation::digest() const {
  Json spec = native_.spec;
  spec.erase("file");
  return sha256((native_.file.empty() ? "" : text_of(native_.file)) + spec.dump());
}

std::string Preparation::place() const { return "level_3_model/" + name_ + ".py"; }

fs::path Preparation::source() const { return beside_ / "source" / (name_ + ".py"); }

std::string Preparation::prompt() const {
  const std::string reasons = native_.file.empty() ? "it is a class of an installed package" : "it is not one file that runs with torch alone";
  return make_native_prompt(native_.shown, name_, root_.string(), reasons).text;
}

void Preparation::write_own_files() const {
  for (const auto& [file, text] : native_files(native_)) {
    const std::string relative = "steps/step_0_preparation/" + file;
    std::string present;
    if (!read_plain(root_ / relative, present) || present != text) write_into(root_, relative, text);
  }
}

bool Preparation::wrap(const CommonOptions& options, std::string& findings) const {
  const bool own = inputs_.empty() && !native_.file.empty() && text_of(native_.file).find("\ndef get_inputs(") != std::string::npos;
  if (inputs_.empty() && !own) return false;
  const fs::path inputs = own ? native_.file : fs::path(inputs_);
  const fs::path candidate = beside_ / "candidate" / (name_ + ".py");
  std::string text;
  Report report = load_and_run(WrapperRequest{native_, candidate, WrapperRequest::Make{text_of(inputs), inputs.extension() == ".py", &text}}, options.check);
  const bool accepted = !text.empty() && passes(report) && accept(text, report, options);
  name_places(report, candidate.string(), (root_ / place()).string());
  std::ostringstream terse;
  if (!accepted) render_agent(report, {}, terse);
  findings = terse.str();
  if (!text.empty()) write_into(root_, place(), text);
  return accepted;
}

Report Preparation::judge(const CommonOptions& options) const {
  Report report;
  report.status = Status::fail;
  std::string text;
  if (!read_plain(root_ / place(), text)) {
    report.findings.push_back({"step-missing-file", Severity::error, {(root_ / place()).string()}, "there is no such file", "Write the model into it, as one file that needs torch alone."});
    return report;
  }
  const fs::path candidate = beside_ / "candidate" / (name_ + ".py");
  write_into(beside_, "candidate/" + name_ + ".py", text);
  report = load_and_run(WrapperRequest{native_, candidate}, options.check);
  if (passes(report)) accept(text, report, options);
  name_places(report, candidate.string(), (root_ / place()).string());
  return report;
}

bool Preparation::accept(const std::string& text, Report& report, const CommonOptions& options) const {
  write_into(beside_, "candidate/" + name_ + ".py", text);
  const fs::path candidate = beside_ / "candidate" / (name_ + ".py");
  const Prompt next = make_prompt(candidate, root_.string(), std::nullopt, options.check);
  if (next.phase > 0 && !next.text.empty()) {
    write_into(beside_, "source/" + name_ + ".py", text);
    return true;
  }
  report.status = Status::fail;
  report.findings.insert(report.findings.end(), next.report.findings.begin(), next.report.findings.end());
  if (next.phase == 0)
    report.findings.push_back({"wrapper-not-self-contained", Severity::error, {candidate.string()}, next.reasons, "Give it all that a model file has, with torch alone."});
  return false;
}

}  // namespace decomp::agent
