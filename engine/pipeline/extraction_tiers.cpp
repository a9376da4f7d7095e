#include "pipeline/extraction_tiers.h"

#include "host/worker.h"
#include "pipeline/over_cores.h"
#include "pipeline/step_context.h"

namespace decomp {
namespace {

// In order of detail; python_bridge/graphs.py knows the same names.
constexpr const char* methods[] = {"torch.fx.symbolic_trace", "torch.compile", "forward_hooks"};

// "TypeError: slice indices must be integers (model.py:38)", without torch's page of advice.
std::string reason_of(const Json& error) {
  std::string message = error.value("message", "");
  if (const std::size_t end = message.find("\n\n"); end != std::string::npos) message.erase(end);
  for (char& c : message)
    if (c == '\n') c = ' ';
  if (message.size() > 300) message = message.substr(0, 300) + "...";
  return error.value("type", "error") + (message.empty() ? "" : ": " + message);
}

ExtractionTier list(Session& session, const Json& files, const std::string& class_name, const char* method) {
  ExtractionTier tier;
  tier.method = method;
  double seconds = 0;
  try {
    Stopwatch watch(seconds);
    JobSpec spec = session.model_job();
    spec.kind = "graphs";
    const auto job = session.worker().start(spec);
    Json answer = job->request({{"cmd", "load"}, {"files", files}}).body;
    if (!answer.contains("error")) answer = job->request({{"cmd", "list"}, {"class", class_name}, {"tier", method}, {"seed", first_public_seed}}).body;
    if (answer.contains("error")) {
      tier.reason = reason_of(answer["error"]);
    } else {
      for (const auto& [name, count] : answer.at("calls").items()) tier.calls[name] = count.get<std::int64_t>();
      tier.graphs = answer.value("graphs", std::int64_t{0});
      tier.worked = true;
    }
  } catch (const JobFailure& failure) {
    tier.reason = failure.what();
  } catch (const Json::exception& error) {
    tier.reason = std::string("its answer cannot be read: ") + error.what();
  }
  tier.seconds = seconds;
  return tier;
}

}  // namespace

std::vector<ExtractionTier> extraction_tiers(Session& session, const std::vector<Component>& all, const Component& model) {
  Json files = files_json(side_file(model), imported_files(all, model));
  // torch.compile reads a file again where there is one of that name, and a fork may not: the names become none of a file.
  for (Json& file : files) file["path"] = "<model>/" + file["path"].get<std::string>();
  std::vector<ExtractionTier> tiers(std::size(methods));
  over_cores(tiers.size(), session.steps_at_once(), [&](std::size_t i) { tiers[i] = list(session, files, model.grammar.model_class, methods[i]); });
  return tiers;
}

}  // namespace decomp
