#include "cli/check_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/settings.h"
#include "core/error.h"
#include "core/rules.h"
#include "pipeline/options.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

bool colour_wanted() {
  const char* no = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return ::isatty(1) == 1 && (no == nullptr || *no == '\0') && (term == nullptr || std::string(term) != "dumb");
}

// CLI11's messages, in words that name the flag first, with a spelling hint.
std::string plain_message(const CLI::App& app, const CLI::ParseError& error) {
  std::string text = error.what();
  if (const std::string start = "Could not convert: "; text.rfind(start, 0) == 0) {
    const std::size_t equals = text.find(" = ", start.size());
    if (equals != std::string::npos)
      return text.substr(start.size(), equals - start.size()) + " must be a number, not \"" + text.substr(equals + 3) + "\"";
  }
  if (const std::size_t colon = text.find("not expected: "); colon != std::string::npos) {
    std::string word = text.substr(colon + 14);
    word = word.substr(0, word.find_first_of(" ="));
    text = "there is no option " + word;
    std::vector<std::string> names = {"--help", "--version"};
    for (const CLI::Option* option : app.get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    if (const auto near = nearest(word, names); !near.empty()) text += "; did you mean " + near[0] + "?";
  }
  if (const std::size_t missing = text.find(": 1 required "); missing != std::string::npos)
    return text.substr(0, missing) + " needs a value";
  return text;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

void CommonOptions::add_to(CLI::App& app) {
  app.add_option("--rtol", check.rtol, "Relative tolerance for floating outputs, in place of the table's");
  app.add_option("--atol", check.atol, "Absolute tolerance for floating outputs, in place of the table's");
  app.add_option("--num-trials", check.num_trials, "Trials with the public seeds 42, 43, ... (default 3); one more has a secret seed");
  add_limits_to(app);
}

void CommonOptions::add_cache_to(CLI::App& app) {
  app.add_flag("--no-cache", no_cache, "Judge everything anew, and keep nothing (so does $DECOMP_NO_CACHE)");
  app.add_option("--cache", cache, "Folder of what earlier calls found, in place of $DECOMP_CACHE_DIR and of decomp/ in the user's cache folder");
}

void CommonOptions::add_limits_to(CLI::App& app) {
  app.add_option("--device", check.device, "cpu (default), cuda or cuda:N");
  app.add_option("--jobs,-j", check.jobs, "Steps or components at a time (default: one per core)");
  app.add_option("--timeout", check.wall_seconds, "Seconds that one request to a job may take (default 60)");
  app.add_option("--cpu-time", check.cpu_seconds, "Seconds of processor time of one job (default 600)");
  app.add_option("--max-memory", max_memory_mb, "MiB that one job may take (default: three quarters of the machine's)");
  app.add_option("--max-output", max_output_kb, "KiB that judged code may print (default 256)");
  app.add_option("--sandbox", check.sandbox, "auto (default), required or off");
  std::vector<std::string> names;
  for (const Format& f : formats()) names.emplace_back(f.name);
  app.add_option("--format", format, "How to print the result")->check(CLI::IsMember(names));
  app.add_flag("--strict", strict, "Warnings count as errors");
  app.add_flag("--verbose,-v", verbose, "Notes too, and what ran in which sandbox");
}

std::vector<Finding> CommonOptions::complete(const CLI::App& app, const fs::path& start, const std::vector<StepFiles>& steps) {
  std::vector<fs::path> folders;
  for (const StepFiles& step : steps) folders.push_back(step.root);
  std::vector<Finding> findings = read_settings(*this, app, start, folders);
  auto bytes = [](const char* flag, double value, double unit) {
    if (!(value > 0) || value * unit > 1e18) throw Error(ErrorKind::usage, std::string(flag) + " must be greater than 0");
    return static_cast<std::uint64_t>(value * unit);
  };
  if (max_memory_mb) check.memory_bytes = bytes("--max-memory", *max_memory_mb, 1048576.0);
  if (max_output_kb) check.output_bytes = bytes("--max-output", *max_output_kb, 1024.0);
  validate(check);
  return findings;
}

int parse_arguments(CLI::App& app, std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  std::reverse(args.begin(), args.end());  // CLI11 takes a vector from its end
  try {
    app.parse(args);
  } catch (const CLI::CallForHelp&) {
    out << app.help();
    return 0;
  } catch (const CLI::ParseError& e) {
    err << app.get_name() << ": " << plain_message(app, e) << "\n`" << app.get_name() << " --help` lists the options.\n";
    return 2;
  }
  return -1;
}

void apply_strict(Report& report, const CommonOptions& options) {
  if (!options.strict) return;
  report.settings["strict"] = "true";
  for (auto* reports : {&report.steps, &report.compositions})
    for (StepReport& step : *reports)
      for (Finding& finding : step.findings) {
        if (finding.severity != Severity::warning) continue;
        finding.severity = Severity::error;
        if (step.status == Status::pass || step.status == Status::skipped) step.status = report.status = Status::fail;
      }
  for (ComponentReport& component : report.components)
    for (Finding& finding : component.findings) {
      if (finding.severity != Severity::warning) continue;
      finding.severity = Severity::error;
      if (component.status == Status::pass) component.status = report.status = Status::fail;
    }
  for (Finding& finding : report.findings) {
    if (finding.severity != Severity::warning) continue;
    finding.severity = Severity::error;
    report.status = Status::fail;
  }
}

RenderOptions render_options(const CommonOptions& options) {
  RenderOptions render;
  render.colour = options.format == "text" && colour_wanted();
  render.verbose = options.verbose;
  render.source = read_file;
  return render;
}

int finish(const Report& report, const CommonOptions& options, std::ostream& out) {
  const RenderOptions render = render_options(options);
  for (const Format& format : formats())
    if (format.name == options.format) format.render(report, render, out);
  return exit_code(report);
}

Progress::Progress(std::size_t total, std::string what)
    : total_(total), what_(std::move(what)), terminal_(::isatty(2) == 1), start_(std::chrono::steady_clock::now()), said_(start_) {}

void Progress::clear() const {
  if (terminal_ && total_ > 1) std::cerr << "\r\033[K" << std::flush;
}

void Progress::done(const std::string& last, std::size_t total) {
  total_ = total;
  done(last);
}

void Progress::done(const std::string& last) {
  ++done_;
  if (total_ < 2) return;
  const auto now = std::chrono::steady_clock::now();
  const double spent = std::chrono::duration<double>(now - start_).count();
  const double left = spent / static_cast<double>(done_) * static_cast<double>(total_ - std::min(done_, total_));
  const std::string time = left < 1 ? "" : left < 90 ? fmt::format(", about {:.0f} s left", left) : fmt::format(", about {:.0f} min left", left / 60);
  if (terminal_) {
    clear();
    if (done_ < total_) std::cerr << fmt::format("[{}/{}] {}{}", done_, total_, last, time) << std::flush;
  } else if (done_ < total_ && now - said_ > std::chrono::seconds(30)) {
    said_ = now;
    std::cerr << fmt::format("decomp: {} of {} {} done{}\n", done_, total_, what_, time) << std::flush;
  }
}

void show_progress(CommonOptions& options, std::size_t total) {
  options.check.on_step = [progress = Progress(total, "steps")](const StepReport& step, std::size_t, std::size_t all) mutable {
    progress.done(std::string(to_string(step.status)) + " " + step.path, all);
  };
}

}  // namespace decomp
