// The engine's entry behind `prompt`: reads a model's file, runs it once, has the generator of `decompose` plan it, and outlines what
// there is to take apart.

#include "pipeline/engine.h"
#include "pipeline/outline.h"
#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"

namespace decomp {
namespace {

constexpr double plan_seconds = 600;  // as decompose has

// The generator's plan; null where it has none, and then `why`. It runs beside the model's own code: outline_of() looks at its form.
Json plan_of(Session& session, const Component& model, std::string& why) {
  JobSpec spec = session.model_job();
  spec.kind = "decompose";
  spec.limits.wall_seconds = session.options().wall_seconds.value_or(plan_seconds);
  try {
    auto job = session.worker().start(spec);
    const Json answer = job->request({{"cmd", "decompose"},
                                      {"source", model.source->bytes},
                                      {"path", model.file.filename().string()},
                                      {"options",
                                       {{"name", model.file.stem().string()}, {"timestamp", ""}, {"threads", spec.threads}, {"proposal", true}}}})
                            .body;
    if (const auto error = answer.find("error"); error != answer.end()) {
      why = error->value("message", "");
      return nullptr;
    }
    return answer.at("decomposition").at("proposal");
  } catch (const JobFailure& failure) {
    why = std::string("the job that plans it ") + failure.what();
    return nullptr;
  }
}

}  // namespace

Report outline_model(const OutlineRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  const auto start = Clock::now();
  Session session(options, spawned);
  Report report;
  const std::vector<Component> model = read_component_files(session, {request.model});
  report.findings = model[0].findings;
  Json& outline = *request.outline;
  outline = Json::object();
  const auto stop = [&](Finding finding) { report.findings.push_back(std::move(finding)); };
  if (report.findings.empty()) {
    outline["class"] = model[0].grammar.model_class;
    outline["foreign_imports"] = foreign_imports(*model[0].facts);
    outline["lacks"] = Json::array();
    for (const char* function : {"get_inputs", "get_init_inputs"})
      if (model[0].grammar.functions.count(function) == 0) outline["lacks"].push_back(function);
    if (model[0].grammar.model_class.empty()) outline["lacks"].push_back("class Model");
    if (outline["foreign_imports"].empty() && outline["lacks"].empty()) try {
        const OwnRun run = run_finite(session, model, model[0], {.calls = true});
        std::string why;
        const Json plan = plan_of(session, model[0], why);
        outline.update(outline_of(run, plan));
        if (plan.is_null()) outline["unplanned"] = why.substr(0, 400);
      } catch (const StepStop& ended) {
        stop(ended.finding);
      } catch (const StepUndecided& undecided) {
        stop(undecided.finding);
      } catch (const Json::exception& error) {
        stop({"run-garbled", Severity::error, {model[0].shown}, std::string("its job gave an answer that cannot be read: ") + error.what(), ""});
      } catch (const std::invalid_argument& error) {
        stop({"run-garbled", Severity::error, {model[0].shown}, std::string("its job gave an answer that cannot be read: ") + error.what(), ""});
      }
  }
  report.status = report.findings.empty() ? Status::pass : Status::fail;
  report.versions = session.versions();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace decomp
