#include "cli/agent/state.h"

#include <fmt/format.h>

#include <fstream>
#include <numeric>
#include <sstream>

#include "core/error.h"
#include "core/schema.h"

namespace decomp::agent {

double State::seconds() const {
  return std::accumulate(turns.begin(), turns.end(), 0.0, [](double sum, const Turn& turn) { return sum + turn.seconds; });
}

namespace {

Json turn_json(const Turn& turn) {
  Json rules = Json::object();
  for (const auto& [rule, count] : turn.rules) rules[rule] = count;
  return {{"turn", turn.number},   {"phase", turn.phase},         {"timestamp", turn.timestamp}, {"agent", turn.ended},     {"seconds", turn.seconds}, {"status", turn.status},
          {"passed", turn.passed}, {"steps", turn.steps},         {"rules", std::move(rules)}, {"restored", turn.restored}, {"findings", turn.findings}};
}

}  // namespace

Json state_json(const State& state) {
  Json turns = Json::array();
  for (const Turn& turn : state.turns) turns.push_back(turn_json(turn));
  Json json = {{"model_sha256", state.model_sha256}, {"turns", std::move(turns)}};
  if (state.prepares) json["phase_0"] = {{"prepared_by", state.prepared_by}};
  return json;
}

State read_state(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const auto parsed = parse_json(text.str());
  const auto* json = std::get_if<Json>(&parsed);
  const auto why = json != nullptr ? schema_violation("agent_state", *json) : std::get<JsonError>(parsed).message;
  if (why) throw Error(ErrorKind::usage, file.string() + " is no state of `decomp agent`: " + *why);
  State state;
  state.model_sha256 = json->at("model_sha256").get<std::string>();
  state.prepares = json->contains("phase_0");
  if (state.prepares) state.prepared_by = json->at("phase_0").at("prepared_by").get<std::string>();
  for (const Json& t : json->at("turns")) {
    Turn turn{t.at("turn").get<int>(), t.value("phase", 1), t.at("timestamp").get<std::string>(), t.at("agent").get<std::string>(), t.at("seconds").get<double>(),
              t.at("status").get<std::string>(), t.at("passed").get<std::size_t>(), t.at("steps").get<std::size_t>(), {}, t.at("restored").get<std::vector<std::string>>(),
              t.at("findings").get<std::string>()};
    for (const auto& [rule, count] : t.at("rules").items()) turn.rules.emplace_back(rule, count.get<int>());
    state.turns.push_back(std::move(turn));
  }
  return state;
}

Json log_json(const State& state, const std::string& present, bool& unreadable) {
  Json entries = Json::array();
  unreadable = false;
  if (!present.empty()) {
    const auto parsed = parse_json(present);
    const auto* log = std::get_if<Json>(&parsed);
    if (log != nullptr && !schema_violation("decomposition_log", *log)) {
      for (const Json& entry : log->at("entries"))
        if (!entry.contains("turn") && entry.at("step").get<std::string>().rfind("turn_", 0) != 0) entries.push_back(entry);
    } else {
      unreadable = true;
    }
  }
  if (state.prepared_by == "wrap")
    entries.push_back({{"step", "turn_0"},
                       {"type", "decision"},
                       {"title", "Phase 0: decomp wrap made the model one file"},
                       {"description", "Written by decomp. The file was proved against the native model before the agent began."},
                       {"timestamp", state.turns.empty() ? "" : state.turns.front().timestamp}});
  for (const Turn& turn : state.turns) {
    std::string rules;
    for (const auto& [rule, count] : turn.rules) rules += fmt::format("{}{} ({})", rules.empty() ? "" : ", ", rule, count);
    const bool passed = turn.status == "PASS";
    Json entry = {{"step", fmt::format("turn_{}", turn.number)},
                  {"type", passed ? "decision" : "difficulty"},
                  {"title", turn.phase == 0 ? fmt::format("Turn {} (phase 0): {}", turn.number, turn.status)
                                     : fmt::format("Turn {}: {}, {} of {} steps pass", turn.number, turn.status, turn.passed, turn.steps)},
                  {"description", fmt::format("Written by decomp. The agent's process: {}. Rules that fired: {}.", turn.ended, rules.empty() ? "none" : rules)},
                  {"timestamp", turn.timestamp}};
    if (!passed) entry["resolution"] = "Handed back to the agent.";
    entry["turn"] = turn_json(turn);
    entry["turn"].erase("findings");
    entries.push_back(std::move(entry));
  }
  return {{"entries", std::move(entries)}};
}

}  // namespace decomp::agent
