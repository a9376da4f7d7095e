// decomp agent --cmd CMD MODEL.py -o DIR: an agent takes a model apart, turn by turn, and only what passes counts.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/agent/loop.h"
#include "cli/agent/process.h"
#include "cli/agent/state.h"
#include "cli/agent/workspace.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/output_file.h"
#include "cli/prompt.h"
#include "cli/skeleton.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/memfd.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace agent {
namespace {

// One warm worker for all loops of this process.
SharedEngine& shared_engine() {
  static SharedEngine engine;
  if (engine.worker.pid < 0) {
    engine.worker = spawn_worker({self_path(), "", false});
    engine.worker.kept = true;
    share_engine(&engine);
  }
  return engine;
}

class Loop {
 public:
  Loop(const fs::path& model, const fs::path& root, const LoopSettings& settings, CommonOptions options, std::ostream& err)
      : model_(fs::absolute(model)), root_(fs::absolute(root)), beside_(root_.string() + ".agent"), settings_(settings), options_(std::move(options)), err_(err), accepted_(beside_ / "accepted") {
    for (const std::string& path : settings.writable) writable_.push_back(fs::absolute(path));
    options_.check.source = model_;
  }

  void run() {
    open();
    while (!state_.passed()) {
      if (static_cast<int>(state_.turns.size()) >= settings_.max_turns) return say(fmt::format("stopped after {} turns (--max-turns)", state_.turns.size()));
      if (left() <= 0) return say(fmt::format("stopped after {:.0f} s (--budget-time)", state_.seconds()));
      turn();
    }
  }

  const State& state() const { return state_; }

 private:
  void say(const std::string& text) { err_ << text << '\n'; }

  double left() const { return settings_.seconds <= 0 ? 1e9 : settings_.seconds - state_.seconds(); }

  // A new workspace, or the one of a loop that was ended.
  void open() {
    std::string model;
    if (!read_plain(fs::canonical(model_), model)) throw Error(ErrorKind::usage, "cannot read " + model_.string());
    const std::string digest = sha256(model);
    const bool known = fs::exists(beside_ / "state.json");
    if (!known && fs::exists(root_) && !(fs::is_directory(root_) && fs::is_empty(root_)))
      throw Error(ErrorKind::usage, root_.string() + " is not empty, and no `decomp agent` has begun there; name another folder");
    fs::create_directories(beside_);
    lock_ = UniqueFd(::open((beside_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) throw Error(ErrorKind::usage, "another `decomp agent` works on " + root_.string());
    if (known) {
      state_ = read_state(beside_ / "state.json");
      if (state_.model_sha256 != digest) throw Error(ErrorKind::usage, model_.string() + " is another model than the one that was begun in " + root_.string());
      if (!read_plain(beside_ / "prompt.md", prompt_)) throw Error(ErrorKind::usage, (beside_ / "prompt.md").string() + " is gone; begin again in another folder");
      return;
    }
    const Prompt prompt = make_prompt(model_, root_.string(), std::nullopt, options_.check);
    if (prompt.text.empty()) {
      render_agent(prompt.report, {}, err_);
      throw Error(ErrorKind::usage, model_.string() + " does not run; nothing was begun");
    }
    if (prompt.phase == 0) throw Error(ErrorKind::usage, model_.string() + " is not self-contained. `decomp prompt` tells how to make one file of it; begin with that file");
    prompt_ = prompt.text;
    write_into(beside_, "prompt.md", prompt_);
    make_skeleton(root_, model_);
    state_.model_sha256 = digest;
    save();
  }

  void save() { write_document(beside_ / "state.json", "agent_state", state_json(state_)); }

  void turn() {
    const auto since = std::chrono::steady_clock::now();
    Turn turn;
    turn.number = static_cast<int>(state_.turns.size()) + 1;
    turn.timestamp = timestamp();
    const fs::path temporary = beside_ / "tmp";
    fs::remove_all(temporary);
    fs::create_directories(temporary);
    Process process{settings_.command, root_, temporary, writable_, options_.check.sandbox != "off", prompt_ + handed_back(), beside_ / fmt::format("turn_{}.out", turn.number),
                    std::min(settings_.turn_seconds, left()), engine_.worker.pid};
    turn.ended = agent::run(process).how;
    fs::create_directories(root_);
    turn.restored = accepted_.restore(root_);
    judge(turn);
    turn.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    state_.turns.push_back(turn);
    save();
    write_log();
    err_ << fmt::format("turn {}: {}, {} of {} steps pass, agent: {}, {:.1f} s\n", turn.number, turn.status, turn.passed, turn.steps, turn.ended, turn.seconds);
  }

  std::string handed_back() const {
    if (state_.turns.empty()) return "";
    const Turn& last = state_.turns.back();
    std::string text = fmt::format("\n# Turn {}\n\ndecomp judged what turn {} left: {}, {} of {} steps pass. The agent's process: {}.\n", last.number + 1, last.number, last.status, last.passed, last.steps, last.ended);
    for (const std::string& file : last.restored) text += "Put back, because it belongs to a step that had passed: " + file + "\n";
    return text + "\nMend this; each line is a rule, its place, what is wrong, and what to do:\n\n" + last.findings;
  }

  Report judged() {
    try {
      return load_and_run(StepsRequest{find_steps(root_), true}, options_.check);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::infrastructure) throw;
      Report report;
      report.status = Status::fail;
      report.findings.push_back({"step-missing-file", Severity::error, {root_.string()}, error.what(), "Write a step: steps/step_1_.../original.py, refactored.py and children/."});
      return report;
    }
  }

  void judge(Turn& turn) {
    Report report = judged();
    std::string more;
    const auto passes = [](const StepReport& step) { return step.status == Status::pass; };
    const auto all_pass = [&] { return !report.steps.empty() && std::all_of(report.steps.begin(), report.steps.end(), passes); };
    if (all_pass()) {
      more = write_reports();
      report = judged();
    }
    for (const StepReport& step : report.steps)
      if (passes(step)) accepted_.keep(step.path);
    std::ostringstream terse;
    render_agent(report, {}, terse);
    turn.findings = terse.str() + more;
    turn.steps = report.steps.size();
    turn.passed = static_cast<std::size_t>(std::count_if(report.steps.begin(), report.steps.end(), passes));
    turn.status = std::string(to_string(report.status));
    if (report.status == Status::pass && (exit_code(report) != 0 || !all_pass() || !more.empty())) turn.status = "FAIL";
    std::map<std::string, int> rules;
    const auto count = [&](const std::vector<Finding>& findings) {
      for (const Finding& finding : findings)
        if (finding.severity == Severity::error) ++rules[finding.rule];
    };
    for (const auto* reports : {&report.steps, &report.compositions})
      for (const StepReport& step : *reports) count(step.findings);
    for (const ComponentReport& component : report.components) count(component.findings);
    count(report.findings);
    turn.rules.assign(rules.begin(), rules.end());
  }

  // The reports that are decomp's to write. What they found wrong, in the terse form.
  std::string write_reports() {
    make_plain_folder(root_, "verification");
    const std::string verification = (root_ / "verification").string();
    std::vector<std::pair<const char*, std::vector<std::string>>> makers = {
        {"run-tests", {root_.string()}},
        {"extract-ops", {"--model", model_.string(), "--decomp-dir", root_.string(), "--output", verification + "/coverage_summary.json"}},
        {"run-steps", {root_.string()}}};
    if (find_command("compose") != nullptr && !fs::exists(root_ / "verification" / "composition_test.py")) makers.insert(makers.begin(), {"compose", {root_.string()}});
    std::string wrong;
    for (auto& [name, arguments] : makers) {
      std::ostringstream out, err;
      arguments.insert(arguments.end(), {"--format", "agent"});
      try {
        if (find_command(name)->run(arguments, out, err) != 0) wrong += std::string(name) + ":\n" + out.str() + err.str();
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::infrastructure) throw;
        wrong += std::string(name) + ": " + error.what() + "\n";
      }
    }
    return wrong;
  }

  void write_log() {
    std::string present;
    read_plain(root_ / "decomposition_log.json", present);
    bool unreadable = false;
    const Json log = log_json(state_, present, unreadable);
    write_into(root_, "decomposition_log.json", log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    if (!unreadable) return;
    write_into(beside_, fmt::format("decomposition_log_of_turn_{}.json", state_.turns.size()), present);
    state_.turns.back().findings += "log-json decomposition_log.json could not be read, and was begun anew -> {\"entries\": [{\"step\", \"type\", \"title\", \"description\", \"timestamp\"}]}\n";
    save();
  }

  fs::path model_, root_, beside_;
  const LoopSettings& settings_;
  std::vector<fs::path> writable_;
  CommonOptions options_;
  std::ostream& err_;
  Accepted accepted_;
  UniqueFd lock_;
  SharedEngine& engine_ = shared_engine();
  State state_;
  std::string prompt_;
};

}  // namespace

void add_loop_options(CLI::App& app, LoopSettings& settings) {
  app.add_option("--max-turns", settings.max_turns, "Turns in all of the agent (default 20)")->check(CLI::Range(1, 100000));
  app.add_option("--budget-time", settings.seconds, "Seconds of all turns together (default: no limit)")->check(CLI::PositiveNumber);
  app.add_option("--turn-time", settings.turn_seconds, "Seconds of the agent's process in one turn (default 1800)")->check(CLI::PositiveNumber);
  app.add_option("--allow-write", settings.writable, "More places that the agent may write to, such as its own settings");
}

State run_loop(const fs::path& model, const fs::path& root, const LoopSettings& settings, const CommonOptions& options, std::ostream& err) {
  Loop loop(model, root, settings, options, err);
  loop.run();
  return loop.state();
}

}  // namespace agent

int cmd_agent(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app(
      "Runs an agent until its decomposition passes. Each turn is one process of CMD in DIR, with the prompt and the last findings on its standard input; it can "
      "write to DIR and to a TMPDIR of its own, nowhere else. State and output of each turn lie in DIR.agent; a loop that was ended goes on from there.",
      "decomp agent");
  std::string model, output;
  agent::LoopSettings settings;
  CommonOptions options;
  app.add_option("MODEL", model, "The model's .py file")->required();
  app.add_option("-o,--output", output, "The folder of the decomposition, and the agent's workspace")->required();
  app.add_option("--cmd", settings.command, "The agent, as a shell would run it")->required();
  agent::add_loop_options(app, settings);
  options.add_limits_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!fs::is_regular_file(model)) throw Error(ErrorKind::usage, "there is no file " + model);
  while (output.size() > 1 && output.back() == '/') output.pop_back();
  options.complete(app, output, {step_in(output, output)});
  const agent::State state = agent::run_loop(model, output, settings, options, err);
  if (options.format == "json") {
    out << agent::state_json(state).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    out << fmt::format("{} {} after {} turn{}\n", state.passed() ? "PASS" : "FAIL", output, state.turns.size(), state.turns.size() == 1 ? "" : "s");
    if (!state.passed() && !state.turns.empty()) out << state.turns.back().findings;
  }
  return state.passed() ? 0 : 1;
}

}  // namespace decomp
