#pragma once
// What the loop remembers, in a folder beside the workspace that the agent cannot write to.

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"

namespace decomp::agent {

struct Turn {
  int number = 0;
  int phase = 1;       // 0: the model had to become one file
  std::string timestamp;
  std::string ended;   // of the agent's process: "exit 0", "timed out", ...
  double seconds = 0;  // of it, and of the judging
  std::string status;  // "PASS", "FAIL", ...
  std::size_t passed = 0, steps = 0;
  std::vector<std::pair<std::string, int>> rules;  // that fired, and how often
  std::vector<std::string> restored;               // files of accepted steps that were gone
  std::string findings;                            // what is handed back
};

struct State {
  std::string model_sha256;
  bool prepares = false;    // there is a phase 0
  std::string prepared_by;  // once it is over: "wrap" or "agent"
  std::vector<Turn> turns;
  bool passed() const { return !turns.empty() && turns.back().phase != 0 && turns.back().status == "PASS"; }
  double seconds() const;
};

Json state_json(const State& state);                                   // schemas/agent_state.schema.json
State read_state(const std::filesystem::path& file);                   // Throws Error(usage) for a file that does not fit.

// decomposition_log.json: the entries that the agent wrote, and one for each turn. Those of turns are always the state's: what the
// agent wrote in their place is left out. `unreadable`: set when the agent's own could not be kept.
Json log_json(const State& state, const std::string& present, bool& unreadable);

}  // namespace decomp::agent
