// The engine's entry of `decompose` and `batch-decompose`: generate in a fork, write aside, prove as `check` does, move.

#include <algorithm>
#include <ctime>
#include <mutex>

#include "core/error.h"
#include "core/source.h"
#include "decompose/answer.h"
#include "decompose/place.h"
#include "decompose/ways.h"
#include "pipeline/compose.h"
#include "pipeline/judge.h"
#include "pipeline/over_cores.h"
#include "pipeline/session.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr double generate_seconds = 600;  // one recorded forward of a large model, on a slow machine
constexpr int most_rounds = 4;            // each after one that proved all but some steps

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string utc_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// "11_VGG16.py" -> "11_vgg16": the name of the model's folder and file.
std::string model_name(const fs::path& model) {
  std::string name;
  for (char c : model.stem().string()) {
    const unsigned char u = static_cast<unsigned char>(c);
    name += std::isalnum(u) != 0 ? static_cast<char>(std::tolower(u)) : '_';
  }
  return name;
}

// As the tree names its source: relative to the decomposition's own folder.
std::string relative_to(const fs::path& model, const fs::path& folder) {
  std::error_code error;
  const fs::path path = fs::relative(fs::absolute(model), fs::absolute(folder), error);
  return error || path.empty() ? model.string() : path.generic_string();
}

// Where the model's own code failed: the last of its lines that the error names.
Finding failure(const Json& error, const fs::path& model) {
  Finding finding{"decompose-failed", Severity::error, {model.string()}, "", "Run the file alone; decompose needs a Model that its get_inputs() can be given to."};
  const std::string type = error.value("type", "?");
  finding.message = type + ": " + error.value("message", "no message");
  if (type == "Unsupported") {
    finding.message = "cannot be taken apart: " + error.value("message", "");
    finding.help = "Write that part with plain statements, child modules and torch functions.";
  }
  for (const Json& frame : error.value("frames", Json::array()))
    if (frame.value("file", "") == model.filename().string()) finding.where.line = frame.value("line", 0);
  return finding;
}

class Decomposer {
 public:
  Decomposer(Session& session, const DecomposeRequest& request) : session_(session), request_(request) {}

  DecomposeOutcome run(const DecomposeItem& item) {
    const auto start = Clock::now();
    DecomposeOutcome outcome;
    outcome.model = item.model;
    outcome.output = item.output;
    try {
      judge(item, outcome);
    } catch (const JobFailure& error) {
      fail(outcome, {error.rule(), Severity::error, {item.model.string()}, std::string("the job that takes it apart ") + error.what(),
                     "Give it more with --timeout or --max-memory, or a model that needs less."});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::usage) throw;
      fail(outcome, {"run-not-decided", Severity::error, {item.model.string()}, error.what(), "Try again."});
      outcome.report.status = Status::not_decided;
    }
    outcome.seconds = since(start);
    return outcome;
  }

 private:
  static void fail(DecomposeOutcome& outcome, Finding finding) {
    outcome.report.status = Status::fail;
    outcome.report.findings.push_back(std::move(finding));
  }

  // Made and proved; a component whose step fails its proof is made anew by the next way (answer.h), the others stay as they are.
  void judge(const DecomposeItem& item, DecomposeOutcome& outcome) {
    Place place(item.output, request_.force);
    const auto read = read_source(item.model, item.model.string());
    if (const Finding* finding = std::get_if<Finding>(&read)) return fail(outcome, *finding);
    Json ways = Json::object();
    GeneratedFiles files;
    for (int round = 0;; ++round) {
      const auto start = Clock::now();
      const Json answer = generate(item, std::get<Source>(read), ways);
      outcome.generate_seconds += since(start);
      if (const auto error = answer.find("error"); error != answer.end()) {
        if (round > 0) break;  // what was made before stays, and where it fails
        return fail(outcome, failure(*error, item.model));
      }
      auto made = read_answer(answer.value("decomposition", Json()));
      if (const std::string* why = std::get_if<std::string>(&made))
        return fail(outcome, {"run-garbled", Severity::error, {item.model.string()}, "the generator's answer is not one: " + *why, ""});
      files = std::move(std::get<GeneratedFiles>(made));
      outcome.summary = files.summary.dump();
      if (round > 0) place.clear();
      place.write(files.texts);
      outcome.report = prove(item, place);
      if (outcome.report.status != Status::fail || round == most_rounds || !next_ways(outcome.report, files.summary, ways)) break;
    }
    const std::vector<Finding> gaps = gaps_of(files.summary, item.model);
    const bool usable = std::all_of(outcome.report.steps.begin(), outcome.report.steps.end(), [](const StepReport& s) { return s.status == Status::pass; });
    if (!gaps.empty()) {
      if (outcome.report.status == Status::pass) outcome.report.status = Status::fail;
      outcome.report.findings.insert(outcome.report.findings.begin(), gaps.begin(), gaps.end());
    }
    name_places(outcome.report, place.folder().string(), item.output.string());
    outcome.partial = !gaps.empty() && usable && outcome.report.status == Status::fail;
    if (outcome.report.status == Status::pass || outcome.partial)
      outcome.put_aside = place.move();
    else
      outcome.unproved = place.keep();
  }

  Json generate(const DecomposeItem& item, const Source& source, const Json& ways) {
    JobSpec spec = session_.model_job();
    spec.kind = "decompose";
    spec.limits.wall_seconds = session_.options().wall_seconds.value_or(generate_seconds);
    auto job = session_.worker().start(spec);
    return job
        ->request({{"cmd", "decompose"},
                   {"source", source.bytes},
                   {"path", item.model.filename().string()},
                   {"options",
                    {{"name", model_name(item.model)},
                     {"source_file", relative_to(item.model, item.output)},
                     {"timestamp", utc_time()},
                     {"threads", spec.threads},
                     {"fusions", request_.fusions},
                     {"max_level", request_.max_level},
                     {"ways", ways}}}})
        .body;
  }

  // As `check` judges it, after the reports that a decomposition holds were made. A model that is one kernel has no step.
  Report prove(const DecomposeItem& item, const Place& place) {
    const fs::path& folder = place.folder();
    StepsRequest request;
    request.whole = true;
    if (fs::exists(folder / "steps"))
      request.steps = find_steps(folder);
    else
      request.without_steps = {{folder, folder.string()}};
    const Report covered = cover_operations(session_, {item.model, folder, {}, false});
    if (!covered.coverage.empty()) place.write({{"verification/coverage_summary.json", text_of(coverage_report_json(covered))}});
    std::vector<Finding> composed;
    if (!request.steps.empty()) {
      Composition made = compose(session_, decomposition_of(folder, request.steps), request.steps, item.model, false);
      if (!made.text.empty()) place.write({{"verification/composition_test.py", made.text}});
      composed = std::move(made.findings);
    }
    Report report = judge_steps(session_, request);
    report.findings.insert(report.findings.end(), composed.begin(), composed.end());
    // They are written from this very report, and what is partial is told by gaps_of().
    std::erase_if(report.findings, [](const Finding& f) {
      return f.rule == "tree-partial" ||
             (f.rule == "artefact-missing" && (f.where.file.ends_with("step_verification_summary.json") || f.where.file.ends_with("test_results.json")));
    });
    place.write({{"verification/test_results.json", text_of(test_results_json(report, folder.string()))}});
    if (!request.steps.empty())
      place.write({{"verification/step_verification_summary.json", text_of(step_summary_json(report, item.output.string()))}});
    return report;
  }

  static std::string text_of(const Json& document) { return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

  // Reports speak of the place where the decomposition will lie.
  static void name_places(Report& report, const std::string& from, const std::string& to) {
    const auto name = [&](std::string& text) {
      if (text.rfind(from, 0) == 0) text = to + text.substr(from.size());
    };
    for (std::vector<StepReport>* list : {&report.steps, &report.compositions})
      for (StepReport& step : *list) {
        name(step.path);
        name(step.decomposition);
        for (std::string* file : {&step.original_file, &step.refactored_file, &step.weight_map_file}) name(*file);
        for (Finding& finding : step.findings) name(finding.where.file);
      }
    for (ComponentReport& component : report.components) {
      name(component.path);
      for (Finding& finding : component.findings) name(finding.where.file);
    }
    for (Finding& finding : report.findings) name(finding.where.file);
  }

  Session& session_;
  const DecomposeRequest& request_;
};

}  // namespace

Report decompose_models(const DecomposeRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  const auto start = Clock::now();
  // Models at once share the jobs that were allowed; one after another, each has them all for its steps.
  CheckOptions shared = options;
  const int at_once = std::clamp(options.jobs, 1, std::max(1, static_cast<int>(request.items.size())));
  if (at_once > 1) shared.jobs = std::max(1, options.jobs / at_once);
  Session session(shared, spawned);
  Decomposer decomposer(session, request);
  Report report;
  report.status = Status::pass;
  std::mutex done;
  over_cores(request.items.size(), at_once, [&](std::size_t i) {
    const DecomposeOutcome outcome = decomposer.run(request.items[i]);
    const std::lock_guard lock(done);
    if (outcome.report.status != Status::pass && report.status != Status::fail) report.status = outcome.report.status;
    if (request.on_done) request.on_done(outcome);
  });
  report.versions = session.versions();
  report.seconds = since(start);
  return report;
}

}  // namespace decomp
