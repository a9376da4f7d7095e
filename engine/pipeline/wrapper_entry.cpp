// The engine's entry of `verify-wrapper` and `wrap`.

#include <variant>

#include "pipeline/engine.h"
#include "pipeline/wrapper.h"

namespace decomp {
namespace {

constexpr double wrap_wall_seconds = 300;  // packages are imported and read in it

// Asks the job that reads the native model's sources. A finding where it cannot.
std::variant<std::string, Finding> made_text(Session& session, const WrapperRequest& request) {
  JobSpec spec = session.model_job();
  spec.kind = "wrap";
  if (!request.native.folder.empty()) spec.readable = {request.native.folder};
  if (!session.options().wall_seconds) spec.limits.wall_seconds = std::max(spec.limits.wall_seconds, wrap_wall_seconds);
  const auto failed = [&](const std::string& rule, const std::string& why, const std::string& help) {
    return Finding{rule, Severity::error, {request.native.shown}, why, help};
  };
  try {
    auto job = session.worker().start(spec);
    const Message message = job->request({{"cmd", "wrap"},
                                          {"native", request.native.spec},
                                          {"inputs", request.make->inputs},
                                          {"inputs_kind", request.make->python ? "python" : "json"},
                                          {"shown", request.native.file.empty() ? request.native.shown : request.native.file.filename().string()}});
    if (auto error = message.body.find("error"); error != message.body.end())
      return failed("wrapper-native", "raised " + error->value("type", "?") + ": " + error->value("message", "").substr(0, 400),
                    "Look at the configuration and at the inputs: the native model must run on them.");
    const Json& wrapper = message.body.at("wrapper");
    if (wrapper.contains("refused"))
      return failed("wrapper-not-made", wrapper["refused"].get<std::string>().substr(0, 400), "Write the file by hand, and prove it with: decomp verify-wrapper");
    return wrapper.at("text").get<std::string>();
  } catch (const JobFailure& failure) {
    return failed(failure.rule(), failure.what() + std::string(" while its sources were read"), "Raise --timeout or --max-memory if it really needs more.");
  } catch (const Json::exception& error) {
    return failed("run-garbled", std::string("the job gave an answer that cannot be read: ") + error.what(), "");
  }
}

}  // namespace

Report run_wrapper(const WrapperRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  const auto start = Clock::now();
  Session session(options, spawned);
  Report report;
  WrapperFiles files{request.wrapper.lexically_normal().string(), request.native, request.wrapper};
  if (request.make) {
    auto made = made_text(session, request);
    if (auto* finding = std::get_if<Finding>(&made)) {
      StepReport step;
      step.path = files.shown;
      step.original_file = request.native.shown;
      step.refactored_file = files.shown;
      step.status = Status::fail;
      step.findings.push_back(std::move(*finding));
      report.steps.push_back(std::move(step));
    } else {
      files.text = std::get<std::string>(std::move(made));
    }
  }
  if (report.steps.empty()) report.steps.push_back(verify_wrapper(session, files));
  if (request.make && files.text) *request.make->text = *files.text;
  report.status = report.steps[0].status;
  report.versions = session.versions();
  report.settings = {{"num_trials", std::to_string(options.num_trials)}, {"device", options.device}};
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace decomp
