// decomp replay REPORT: the run of a report once more, with the same entropy, and whether it ends the same.

#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <set>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/schema.h"
#include "core/source.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr std::size_t largest_report = 256u << 20;  // bytes

// One step of either kind of report: `check --format json`, or verification_result.json.
struct Recorded {
  StepFiles files;
  Json verdict;
  std::map<std::string, std::string> digests;
};

struct Earlier {
  std::vector<Recorded> steps;
  std::map<std::string, std::string> settings, versions;
};

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw Error(ErrorKind::usage, file + " " + why + "; give what `decomp check --format json` printed, or a verification_result.json of this decomp");
}

// What must come out the same. Notes may tell how far the time went.
Json verdict_of(const Json& step) {
  Json findings = Json::array();
  for (const Json& f : step.at("findings"))
    if (f.at("severity") != "note")
      findings.push_back({{"rule", f.at("rule")}, {"severity", f.at("severity")}, {"file", f.at("file")}, {"line", f.at("line")},
                          {"column", f.at("column")}, {"message", f.at("message")}});
  const Json& numbers = step.contains("numerical_comparison") ? step.at("numerical_comparison") : step;
  return {{"status", step.at("status")}, {"grade", numbers.at("grade")}, {"trials", numbers.at("trials")}, {"findings", std::move(findings)}};
}

Recorded recorded(const Json& step, const std::string& file) {
  Recorded r;
  const std::string entropy = step.at("entropy");
  StepFiles::Repeated repeated;
  repeated.threads = step.at("threads");
  if (auto [end, error] = std::from_chars(entropy.data(), entropy.data() + entropy.size(), repeated.entropy);
      error != std::errc() || *end != '\0' || repeated.threads < 1)
    refuse(file, "lacks the run's entropy or its threads");
  if (step.contains("path")) {
    r.files = step_in(step.at("path").get<std::string>(), step.at("path"));
    if (const std::string folder = step.at("decomposition"); !folder.empty())
      r.files.decomposition = DecompositionFolder{fs::weakly_canonical(folder), folder};
  } else {
    std::optional<fs::path> map;
    if (const std::string named = step.at("weight_map_file"); !named.empty()) map = named;
    r.files = step_from_files(step.at("original_file").get<std::string>(), step.at("refactored_file").get<std::string>(), map);
  }
  r.files.repeated = repeated;
  r.verdict = verdict_of(step);
  r.digests = step.at("digests").get<std::map<std::string, std::string>>();
  return r;
}

Earlier read_report(const std::string& file) {
  if (!fs::is_regular_file(file)) throw Error(ErrorKind::usage, "there is no file " + file);
  auto source = read_source(file, file, largest_report);
  if (const auto* bad = std::get_if<Finding>(&source)) throw Error(ErrorKind::usage, bad->where.file + " " + bad->message);
  const auto parsed = parse_json(std::get<Source>(source).bytes);
  if (const auto* error = std::get_if<JsonError>(&parsed))
    throw Error(ErrorKind::usage, fmt::format("{}:{}:{}: {}", file, error->line, error->column, error->message));
  const Json& report = std::get<Json>(parsed);
  const bool single = report.is_object() && report.contains("numerical_comparison");
  if (const auto why = schema_violation(single ? "verification_result" : "report", report)) refuse(file, "is no report of decomp (" + *why + ")");
  Earlier earlier;
  try {
    earlier.settings = report.at("settings").get<std::map<std::string, std::string>>();
    earlier.versions = report.at("versions").get<std::map<std::string, std::string>>();
    if (single)
      earlier.steps.push_back(recorded(report, file));
    else
      for (const Json& step : report.at("steps")) earlier.steps.push_back(recorded(step, file));
  } catch (const Json::exception& error) {
    refuse(file, std::string("lacks what a repetition needs (") + error.what() + ")");
  }
  if (earlier.steps.empty()) throw Error(ErrorKind::nothing, file + " tells of no step");
  return earlier;
}

template <class Number>
std::optional<Number> number(const Earlier& earlier, const char* name) {
  auto found = earlier.settings.find(name);
  if (found == earlier.settings.end()) return std::nullopt;
  Number value{};
  const std::string& text = found->second;
  if (auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value); error != std::errc() || end != text.data() + text.size())
    throw Error(ErrorKind::usage, "the report's setting " + std::string(name) + " is no number: \"" + text + "\"");
  return value;
}

void apply_settings(const Earlier& earlier, CommonOptions& options) {
  auto text = [&](const char* name) {
    auto found = earlier.settings.find(name);
    return found == earlier.settings.end() ? std::string() : found->second;
  };
  CheckOptions& check = options.check;
  check.rtol = number<double>(earlier, "rtol");
  check.atol = number<double>(earlier, "atol");
  check.num_trials = number<int>(earlier, "num_trials").value_or(check.num_trials);
  check.wall_seconds = number<double>(earlier, "wall_seconds");
  check.cpu_seconds = number<double>(earlier, "cpu_seconds");
  check.memory_bytes = number<std::uint64_t>(earlier, "memory_bytes");
  check.output_bytes = number<std::uint64_t>(earlier, "output_bytes");
  if (!text("device").empty()) check.device = text("device");
  check.source = text("source");
  check.workspace_rules = text("workspace_rules") != "false";
  check.skip_anticheat = text("skip_anticheat") == "true";
  options.strict = text("strict") == "true";
}

// Files of a step that are not what they were: changed, gone, new.
std::vector<Finding> changes(const Recorded& earlier, const StepReport& now) {
  std::vector<Finding> findings;
  auto add = [&](const std::string& file, const std::string& what) {
    findings.push_back({"replay-source-changed", Severity::error, {file}, what + " since the report was made: its verdict cannot be repeated",
                        "Restore the file to repeat the run, or check the step anew."});
  };
  for (const auto& [file, digest] : earlier.digests) {
    auto same = now.digests.find(file);
    if (same == now.digests.end())
      add(file, "is gone");
    else if (same->second != digest)
      add(file, "has changed");
  }
  for (const auto& [file, digest] : now.digests)
    if (earlier.digests.count(file) == 0) add(file, "is new");
  return findings;
}

// "/trials/3/max_diff: 0.0 then, 0.1 now"
std::string difference(const Json& then, const Json& now) {
  const Json patch = Json::diff(then, now);
  if (patch.empty()) return "";
  const std::string where = patch[0].at("path");
  auto shown = [&](const Json& side) {
    const Json::json_pointer place(where);
    std::string text = side.contains(place) ? side.at(place).dump() : "nothing";
    return text.size() > 200 ? text.substr(0, 200) + "..." : text;
  };
  return where + ": " + shown(then) + " then, " + shown(now) + " now";
}

}  // namespace

int cmd_replay(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Repeats the run of a report with the same entropy and settings. Exits with 0 if it was a pass and is one again. "
               "Run it in the folder where the report was made.",
               "decomp replay");
  std::string file;
  CommonOptions options;
  app.add_option("REPORT", file, "What `check --format json` printed, or verification_result.json")->required();
  std::vector<std::string> names;
  for (const Format& f : formats()) names.emplace_back(f.name);
  app.add_option("--format", options.format, "How to print the result")->check(CLI::IsMember(names));
  app.add_flag("--verbose,-v", options.verbose, "Notes too");
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  const Earlier earlier = read_report(file);
  apply_settings(earlier, options);
  std::vector<StepFiles> steps;
  for (const Recorded& step : earlier.steps) {
    if (!is_step(step.files.root))
      throw Error(ErrorKind::usage, "there is no step " + step.files.shown + "; run decomp replay in the folder where the report was made");
    steps.push_back(step.files);
  }
  show_progress(options, steps.size());
  Report report = load_and_run(StepsRequest{steps}, options.check);
  apply_strict(report, options);
  std::size_t same = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepReport& step = report.steps[i];
    std::vector<Finding> found = changes(earlier.steps[i], step);
    const Json now = report_json(report).at("steps").at(i);
    const std::string differs = difference(earlier.steps[i].verdict, verdict_of(now));
    if (found.empty() && !differs.empty()) {
      std::string versions;
      for (const auto& [name, version] : earlier.versions)
        if (report.versions[name] != version) versions += fmt::format("; {} was {} and is {}", name, version, report.versions[name]);
      found.push_back({"replay-differs", Severity::error, {step.path}, "the sources are the same, but the verdict is another: " + differs + versions,
                       "Repeat it with the versions and on the kind of machine of the report."});
    }
    if (found.empty()) {
      ++same;
      continue;
    }
    for (Finding& f : found) step.findings.push_back(std::move(f));
    step.status = report.status = Status::fail;
  }
  const int code = finish(report, options, out);
  if (options.format == "text") out << fmt::format("replay: {} of {} verdicts are the same\n", same, steps.size());
  return code;
}

}  // namespace decomp
