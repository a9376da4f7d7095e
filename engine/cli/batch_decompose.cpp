// decomp batch-decompose DATA -o DIR

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "cli/agent/loop.h"
#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/decompose_options.h"
#include "cli/engine_loader.h"
#include "core/error.h"
#include "pipeline/is_decomposition.h"
#include "pipeline/workspace.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

struct Selection {
  std::string data, output;
  std::optional<int> level;
  int start = 0;
  std::optional<int> count;
  bool resume = false;
};

bool is_model_file(const fs::path& file) { return file.extension() == ".py" && file.filename() != "__init__.py"; }

// What was made of models holds none: decompositions, lone steps, the output's folder where it lies in the data.
bool may_hold_models(const fs::path& folder, const fs::path& output) {
  const std::string name = folder.filename().string();
  std::error_code ignored;
  return name[0] != '.' && name != "__pycache__" && !name.ends_with(".agent") && !is_decomposition(folder) && !is_step(folder) && !fs::equivalent(folder, output, ignored);
}

// The model files below the data, "level3/7_x.py" before "level3/10_y.py".
std::vector<fs::path> models_below(const Selection& wanted) {
  fs::path root = wanted.data;
  if (wanted.level) root /= "level" + std::to_string(*wanted.level);
  if (!fs::is_directory(root)) throw Error(ErrorKind::usage, "there is no folder " + root.string());
  std::vector<fs::path> found;
  if (is_decomposition(root)) throw Error(ErrorKind::usage, root.string() + " is a decomposition, no folder of models; `decomp check` judges it");
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    if (it->is_directory() && !may_hold_models(it->path(), wanted.output)) it.disable_recursion_pending();
    if (it->is_regular_file() && is_model_file(it->path())) found.push_back(it->path());
  }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
  const auto first = std::min(found.size(), static_cast<std::size_t>(std::max(0, wanted.start)));
  const auto last = wanted.count ? std::min(found.size(), first + static_cast<std::size_t>(std::max(0, *wanted.count))) : found.size();
  std::vector<fs::path> chosen(found.begin() + static_cast<std::ptrdiff_t>(first), found.begin() + static_cast<std::ptrdiff_t>(last));
  if (chosen.empty()) throw Error(ErrorKind::nothing, "there is no model file to take apart below " + root.string());
  return chosen;
}

// <output>/<folder of the data>/<model>, as the data set's layout has it.
fs::path place_of(const Selection& wanted, const fs::path& model) {
  return fs::path(wanted.output) / fs::relative(model, wanted.data).parent_path() / model.stem();
}

std::string first_error(const Report& report) {
  const auto first = [](const std::vector<Finding>& findings) -> std::string {
    for (const Finding& f : findings)
      if (f.severity == Severity::error) return f.where.file + ": [" + f.rule + "] " + f.message;
    return "";
  };
  if (std::string text = first(report.findings); !text.empty()) return text;
  for (const auto* steps : {&report.steps, &report.compositions})
    for (const StepReport& step : *steps) {
      if (std::string text = first(step.findings); !text.empty()) return text;
      if (step.status == Status::vacuous) return step.path + ": VACUOUS";
    }
  for (const ComponentReport& component : report.components)
    if (std::string text = first(component.findings); !text.empty()) return text;
  return "";
}

Json row_json(const DecomposeOutcome& outcome) {
  Json row = {{"model", outcome.model.string()},
              {"output", outcome.output.string()},
              {"status", to_string(outcome.report.status)},
              {"seconds", json_number(outcome.seconds)},
              {"generate_seconds", json_number(outcome.generate_seconds)}};
  if (Json made = summary_of(outcome); !made.empty()) row["made"] = std::move(made);
  if (outcome.partial) row["partial"] = true;
  if (const std::string why = first_error(outcome.report); !why.empty()) row["reason"] = why;
  return row;
}

// What a row says of one model.
Json agent_row(const DecomposeItem& item, const agent::LoopSettings& settings, const CommonOptions& common, std::ostream& err) {
  Json row = {{"model", item.model.string()}, {"output", item.output.string()}};
  CommonOptions options = common;
  try {
    fs::create_directories(item.output.parent_path());
    err << item.model.string() << '\n';
    const agent::State state = agent::run_loop(item.model.string(), item.output, settings, options, err);
    row.update({{"status", state.passed() ? "PASS" : "FAIL"}, {"turns", state.turns.size()}, {"seconds", json_number(state.seconds())}});
    if (!state.passed() && !state.turns.empty()) row["reason"] = state.turns.back().findings.substr(0, state.turns.back().findings.find('\n'));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::infrastructure) throw;
    row.update({{"status", "FAIL"}, {"turns", 0}, {"seconds", 0}, {"reason", error.what()}});
  }
  return row;
}

}  // namespace

int cmd_batch_decompose(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Takes every model file below DATA apart; each has a process, a row and a folder of its own.", "decomp batch-decompose");
  Selection wanted;
  DecomposeRequest request;
  agent::LoopSettings loop;
  CommonOptions options;
  app.add_option("DATA", wanted.data, "A folder of model files, or of level1/, level2/, ...")->required();
  app.add_option("-o,--output", wanted.output, "The folder for the decompositions and batch_summary.json")->required();
  app.add_option("--level", wanted.level, "Only DATA/level<N>");
  app.add_option("--start", wanted.start, "Leave out that many models");
  app.add_option("--count", wanted.count, "At most that many models");
  app.add_flag("--resume", wanted.resume, "Leave out models whose folder is there already");
  app.add_option("--agent", loop.command, "Let this command do it, as `decomp agent --cmd` does; --resume goes on with each");
  agent::add_loop_options(app, loop);
  add_decompose_options(app, request);
  options.add_limits_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  const bool by_agent = !loop.command.empty();
  if (by_agent && request.force) throw Error(ErrorKind::usage, "--force and --agent do not go together; name another folder, or --resume");
  std::size_t kept = 0;
  for (const fs::path& model : models_below(wanted)) {
    const fs::path place = place_of(wanted, model);
    if (fs::exists(place) && wanted.resume && !by_agent)  // a loop knows itself where it was
      ++kept;
    else if (fs::exists(place) && !request.force && !(by_agent && wanted.resume))
      throw Error(ErrorKind::usage, place.string() + " exists; use --resume to leave it, or --force to put it aside");
    else
      request.items.push_back({model, place});
  }
  std::vector<Finding> settings = options.complete(app, wanted.data, {});
  fs::create_directories(wanted.output);
  const bool text = options.format == "text";
  Json rows = Json::array();
  std::size_t passed = 0;
  request.on_done = [&](const DecomposeOutcome& outcome) {
    rows.push_back(row_json(outcome));
    passed += outcome.report.status == Status::pass;
    if (!text) return;
    const Json counts = rows.back().value("made", Json::object());
    out << fmt::format("{:<11} {:<44} {:>3} steps {:>4} kernels {:>6.1f} s", to_string(outcome.report.status), outcome.model.filename().string(),
                       counts.value("steps", 0), counts.value("kernels", 0), outcome.seconds);
    if (rows.back().contains("reason")) out << "  " << rows.back()["reason"].get<std::string>().substr(0, 300);
    out << '\n' << ways_text(counts) << std::flush;
  };
  Report report;
  report.status = Status::pass;
  if (by_agent) {
    for (const DecomposeItem& item : request.items) {
      rows.push_back(agent_row(item, loop, options, err));
      const Json& row = rows.back();
      const bool passes = row["status"] == "PASS";
      passed += passes;
      if (!passes) report.status = Status::fail;
      report.seconds += row["seconds"].get<double>();
      if (text)
        out << fmt::format("{:<11} {:<44} {:>3} turns {:>6.1f} s{}\n", row["status"].get<std::string>(), item.model.filename().string(), row["turns"].get<std::size_t>(),
                           row["seconds"].get<double>(), passes ? "" : "  " + row.value("reason", "").substr(0, 300))
            << std::flush;
    }
  } else if (!request.items.empty())
    report = load_and_run(request, options.check);
  std::sort(rows.begin(), rows.end(), [](const Json& a, const Json& b) { return natural_less(a["model"].get<std::string>(), b["model"].get<std::string>()); });
  const Json summary = {{"timestamp", timestamp()}, {"total", request.items.size()}, {"passed", passed}, {"failed", request.items.size() - passed},
                        {"left_out", kept}, {"models", rows}};
  std::ofstream(fs::path(wanted.output) / "batch_summary.json") << summary.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  if (text)
    out << fmt::format("{} of {} models taken apart and proved{}, {:.0f} s\n", passed, request.items.size(),
                       kept > 0 ? fmt::format(", {} left as they were", kept) : "", report.seconds);
  else
    out << summary.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  return exit_code(report);
}

}  // namespace decomp
