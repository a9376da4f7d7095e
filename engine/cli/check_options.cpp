#include "cli/check_options.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

bool colour_wanted() {
  const char* no = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return ::isatty(1) == 1 && (no == nullptr || *no == '\0') && (term == nullptr || std::string(term) != "dumb");
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// One row per key of decomp.toml: where it lives, which flag it stands for, how it is stored.
struct ConfigKey {
  const char* table;  // "" = top level
  const char* key;
  const char* flag;
  void (*set)(CommonOptions&, const toml::node&, const std::string& name);
};

double as_number(const toml::node& node, const std::string& name) {
  if (auto v = node.value<double>()) return *v;
  throw Error(ErrorKind::usage, name + " must be a number");
}

const ConfigKey config_keys[] = {
    {"", "rtol", "--rtol", [](CommonOptions& o, const toml::node& v, const std::string& n) { o.check.rtol = as_number(v, n); }},
    {"", "atol", "--atol", [](CommonOptions& o, const toml::node& v, const std::string& n) { o.check.atol = as_number(v, n); }},
    {"", "num_trials", "--num-trials",
     [](CommonOptions& o, const toml::node& v, const std::string& n) { o.check.num_trials = static_cast<int>(as_number(v, n)); }},
    {"", "jobs", "--jobs",
     [](CommonOptions& o, const toml::node& v, const std::string& n) { o.check.jobs = static_cast<int>(as_number(v, n)); }},
    {"", "sandbox", "--sandbox",
     [](CommonOptions& o, const toml::node& v, const std::string& n) {
       auto text = v.value<std::string>();
       if (!text) throw Error(ErrorKind::usage, n + " must be \"auto\", \"required\" or \"off\"");
       o.check.sandbox = *text;
     }},
    {"limits", "wall_seconds", "--timeout",
     [](CommonOptions& o, const toml::node& v, const std::string& n) { o.check.wall_seconds = as_number(v, n); }},
    {"limits", "cpu_seconds", "--cpu-time",
     [](CommonOptions& o, const toml::node& v, const std::string& n) { o.check.cpu_seconds = as_number(v, n); }},
    {"limits", "memory_mb", "--max-memory",
     [](CommonOptions& o, const toml::node& v, const std::string& n) { o.max_memory_mb = as_number(v, n); }},
    {"limits", "output_kb", "--max-output",
     [](CommonOptions& o, const toml::node& v, const std::string& n) { o.max_output_kb = as_number(v, n); }},
};

void apply(CommonOptions& options, const CLI::App& app, const toml::table& table, const std::string& prefix, const std::string& file) {
  for (const auto& [key, node] : table) {
    std::string name(key.str());
    if (prefix.empty() && node.is_table() && name == "limits") {
      apply(options, app, *node.as_table(), "limits", file);
      continue;
    }
    const ConfigKey* found = nullptr;
    for (const ConfigKey& k : config_keys)
      if (prefix == k.table && name == k.key) found = &k;
    std::string shown = file + ":" + std::to_string(node.source().begin.line) + ": " + (prefix.empty() ? "" : prefix + ".") + name;
    if (found == nullptr) throw Error(ErrorKind::usage, shown + " is no setting of decomp");
    if (app.count(found->flag) == 0) found->set(options, node, shown);
  }
}

}  // namespace

void CommonOptions::add_to(CLI::App& app) {
  app.add_option("--rtol", check.rtol, "Relative tolerance for floating outputs, in place of the table's");
  app.add_option("--atol", check.atol, "Absolute tolerance for floating outputs, in place of the table's");
  app.add_option("--num-trials", check.num_trials, "Trials with the public seeds 42, 43, ... (default 3); one more has a secret seed");
  app.add_option("--device", check.device, "cpu (default), cuda or cuda:N");
  app.add_option("--jobs,-j", check.jobs, "Steps at a time (default: one per core)");
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

void CommonOptions::read_config(const CLI::App& app, const fs::path& start) {
  std::error_code ignored;
  fs::path folder = fs::weakly_canonical(start, ignored);
  for (int up = 0; up < 64 && !folder.empty(); ++up) {
    for (const char* name : {"decomp.toml", "pyproject.toml"}) {
      fs::path file = folder / name;
      if (!fs::is_regular_file(file, ignored)) continue;
      toml::table table;
      try {
        table = toml::parse_file(file.string());
      } catch (const toml::parse_error& e) {
        if (std::string(name) == "pyproject.toml") continue;  // not ours to judge
        throw Error(ErrorKind::usage, file.string() + ":" + std::to_string(e.source().begin.line) + ":" +
                                          std::to_string(e.source().begin.column) + ": " + std::string(e.description()));
      }
      if (std::string(name) == "pyproject.toml") {
        auto* ours = table["tool"]["decomp"].as_table();
        if (ours == nullptr) continue;
        apply(*this, app, *ours, "", file.string());
      } else {
        apply(*this, app, table, "", file.string());
      }
      goto found;
    }
    if (folder == folder.root_path()) break;
    folder = folder.parent_path();
  }
found:
  if (max_memory_mb > 0) check.memory_bytes = static_cast<std::uint64_t>(max_memory_mb * 1048576.0);
  if (max_output_kb > 0) check.output_bytes = static_cast<std::uint64_t>(max_output_kb * 1024.0);
}

int parse_arguments(CLI::App& app, std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  std::reverse(args.begin(), args.end());  // CLI11 takes a vector from its end
  try {
    app.parse(args);
  } catch (const CLI::CallForHelp&) {
    out << app.help();
    return 0;
  } catch (const CLI::ParseError& e) {
    err << "decomp " << app.get_name() << ": " << e.what() << "\n`decomp " << app.get_name() << " --help` lists the options.\n";
    return 2;
  }
  return -1;
}

int finish(Report report, const CommonOptions& options, std::ostream& out) {
  if (options.strict)
    for (StepReport& step : report.steps)
      for (Finding& finding : step.findings)
        if (finding.severity == Severity::warning) {
          finding.severity = Severity::error;
          if (step.status == Status::pass) step.status = report.status = Status::fail;
        }
  RenderOptions render;
  render.colour = options.format == "text" && colour_wanted();
  render.verbose = options.verbose;
  render.source = read_file;
  for (const Format& format : formats())
    if (format.name == options.format) format.render(report, render, out);
  return exit_code(report);
}

void show_progress(CommonOptions& options, std::size_t total) {
  if (::isatty(2) != 1 || total < 2) return;
  options.check.on_step = [done = std::size_t{0}](const StepReport& step, std::size_t, std::size_t all) mutable {
    ++done;
    std::cerr << fmt::format("\r\033[K[{}/{}] {} {}", done, all, to_string(step.status), step.path);
    if (done == all) std::cerr << "\r\033[K";
    std::cerr.flush();
  };
}

}  // namespace decomp
