// decomp agent --cmd CMD MODEL -o DIR: an agent takes a model apart, turn by turn, and only what passes counts. A model that is not one
// file becomes one first (phase 0): by `decomp wrap` where that can, else by the agent.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/agent/loop.h"
#include "cli/agent/preparation.h"
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
  Loop(const std::string& model, const fs::path& root, const LoopSettings& settings, CommonOptions options, std::ostream& err)
      : named_(model), root_(fs::absolute(root)), beside_(root_.string() + ".agent"), settings_(settings), options_(std::move(options)), err_(err), accepted_(beside_ / "accepted") {
    for (const std::string& path : settings.writable) writable_.push_back(fs::absolute(path));
    if (fs::is_regular_file(named_)) model_ = fs::absolute(named_);
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

  // Of what the command line names: another model is not gone on with.
  std::string digest() const {
    if (model_.empty()) return Preparation(named_, settings_, root_, beside_).digest();
    std::string text;
    if (!read_plain(fs::canonical(model_), text)) throw Error(ErrorKind::usage, "cannot read " + model_.string());
    return sha256(text);
  }

  // A new workspace, or the one of a loop that was ended.
  void open() {
    const std::string named = digest();
    const bool known = fs::exists(beside_ / "state.json");
    if (!known && fs::exists(root_) && !(fs::is_directory(root_) && fs::is_empty(root_)))
      throw Error(ErrorKind::usage, root_.string() + " is not empty, and no `decomp agent` has begun there; name another folder");
    fs::create_directories(beside_);
    lock_ = UniqueFd(::open((beside_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) throw Error(ErrorKind::usage, "another `decomp agent` works on " + root_.string());
    if (known) return go_on(named);
    state_.model_sha256 = named;
    Prompt prompt;
    if (!model_.empty()) prompt = make_prompt(model_, root_.string(), std::nullopt, options_.check);
    if (model_.empty() || (prompt.phase == 0 && !prompt.text.empty())) return prepare();
    if (prompt.text.empty()) {
      render_agent(prompt.report, {}, err_);
      throw Error(ErrorKind::usage, model_.string() + " does not run; nothing was begun");
    }
    prompt_ = prompt.text;
    write_into(beside_, "prompt.md", prompt_);
    make_skeleton(root_, model_);
    save();
  }

  void go_on(const std::string& named) {
    state_ = read_state(beside_ / "state.json");
    if (state_.model_sha256 != named) throw Error(ErrorKind::usage, named_ + " is another model than the one that was begun in " + root_.string());
    if (!read_plain(beside_ / "prompt.md", prompt_)) throw Error(ErrorKind::usage, (beside_ / "prompt.md").string() + " is gone; begin again in another folder");
    if (!state_.prepares) return;
    preparation_.emplace(named_, settings_, root_, beside_);
    if (!state_.prepared_by.empty()) options_.check.source = preparation_->source();
  }

  // Phase 0 begins, and is over at once where decomp can do it.
  void prepare() {
    preparation_.emplace(named_, settings_, root_, beside_);
    fs::create_directories(root_);
    preparation_->write_own_files();
    prompt_ = preparation_->prompt();
    write_into(beside_, "prompt.md", prompt_);
    state_.prepares = true;
    save();
    std::string findings;
    if (preparation_->wrap(options_, findings)) {
      say("phase 0: decomp wrap made " + preparation_->place() + ", and it is proved");
      return prepared("wrap");
    }
    if (findings.empty()) return;
    say("phase 0: decomp wrap cannot do it, the agent must");
    prompt_ += "\n## decomp's own attempt\n\n`decomp wrap` was tried, and ended with this; what it made, if anything, lies in `" + preparation_->place() + "`:\n\n" + findings;
    write_into(beside_, "prompt.md", prompt_);
  }

  // The one file is there: it is the source of all that follows.
  void prepared(const std::string& by) {
    std::string text;
    if (!read_plain(preparation_->source(), text)) throw Error(ErrorKind::infrastructure, "cannot read " + preparation_->source().string());
    write_into(root_, preparation_->place(), text);
    for (const auto& [name, contents] : skeleton_files(root_, preparation_->source(), preparation_->place())) {
      std::string present;
      if (name.back() == '/')
        make_plain_folder(root_, name.substr(0, name.size() - 1));
      else if (!read_plain(root_ / name, present))
        write_into(root_, name, contents);
    }
    options_.check.source = preparation_->source();
    prompt_ = make_prompt(root_ / preparation_->place(), root_.string(), std::nullopt, options_.check).text;
    write_into(beside_, "prompt.md", prompt_);
    state_.prepared_by = by;
    save();
  }

  bool in_phase_0() const { return state_.prepares && state_.prepared_by.empty(); }

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
    if (preparation_) preparation_->write_own_files();
    if (in_phase_0()) turn.phase = 0;
    judge(turn);
    turn.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    state_.turns.push_back(turn);
    if (turn.phase == 0 && turn.status == "PASS") prepared("agent");
    save();
    write_log();
    if (turn.phase == 0)
      err_ << fmt::format("turn {} (phase 0): {}, agent: {}, {:.1f} s\n", turn.number, turn.status, turn.ended, turn.seconds);
    else
      err_ << fmt::format("turn {}: {}, {} of {} steps pass, agent: {}, {:.1f} s\n", turn.number, turn.status, turn.passed, turn.steps, turn.ended, turn.seconds);
  }

  std::string handed_back() const {
    if (state_.turns.empty()) return "";
    const Turn& last = state_.turns.back();
    if (last.phase == 0 && !in_phase_0())
      return fmt::format("\n# Turn {}\n\nPhase 0 is over: `{}` is proved, and is the model from here on.\n", last.number + 1, preparation_->place());
    std::string text = fmt::format("\n# Turn {}\n\ndecomp judged what turn {} left: {}, {} of {} steps pass. The agent's process: {}.\n", last.number + 1, last.number, last.status, last.passed, last.steps, last.ended);
    for (const std::string& file : last.restored) text += "Put back, because it belongs to a step that had passed: " + file + "\n";
    return text + "\nMend this; each line is a rule, its place, what is wrong, and what to do:\n\n" + last.findings;
  }

  Report judged() {
    if (in_phase_0()) return preparation_->judge(options_);
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
    if (turn.phase != 0) {
      if (all_pass()) {
        more = write_reports();
        report = judged();
      }
      for (const StepReport& step : report.steps)
        if (passes(step)) accepted_.keep(step.path);
    }
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
        {"extract-ops", {"--model", (preparation_ ? root_ / preparation_->place() : model_).string(), "--decomp-dir", root_.string(), "--output", verification + "/coverage_summary.json"}},
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

  std::string named_;  // the model, as the command line has it
  fs::path model_;     // its file; "" where it is named otherwise
  fs::path root_, beside_;
  const LoopSettings& settings_;
  std::vector<fs::path> writable_;
  CommonOptions options_;
  std::ostream& err_;
  Accepted accepted_;
  std::optional<Preparation> preparation_;
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

State run_loop(const std::string& model, const fs::path& root, const LoopSettings& settings, const CommonOptions& options, std::ostream& err) {
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
  app.add_option("MODEL", model, "The model's .py file; FILE.py:CLASS or PACKAGE:CLASS (transformers:LlamaForCausalLM) where it must become one file first")->required();
  app.add_option("-o,--output", output, "The folder of the decomposition, and the agent's workspace")->required();
  app.add_option("--cmd", settings.command, "The agent, as a shell would run it")->required();
  agent::add_loop_options(app, settings);
  app.add_option("--config", settings.config, "JSON: the configuration of PACKAGE:CLASS");
  app.add_option("--inputs", settings.inputs, "What its forward takes, as for decomp wrap: then decomp tries to make the one file by itself");
  options.add_limits_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  if (!fs::is_regular_file(model) && model.find(':') == std::string::npos) throw Error(ErrorKind::usage, "there is no file " + model);
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
