#include "pipeline/kept.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <thread>

namespace decomp {

Json kept_options(const CheckOptions& options) {
  const auto number = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  return {{"draws", "public seeds from 42, one draw of the host per judgement"},
          {"rtol", number(options.rtol)},
          {"atol", number(options.atol)},
          {"num_trials", options.num_trials},
          {"device", options.device},
          {"jobs", options.jobs},
          {"wall_seconds", number(options.wall_seconds)},
          {"cpu_seconds", number(options.cpu_seconds)},
          {"memory_bytes", number(options.memory_bytes)},
          {"output_bytes", number(options.output_bytes)},
          {"sandbox", options.sandbox},
          {"workspace_rules", options.workspace_rules},
          {"skip_anticheat", options.skip_anticheat},
          {"source", options.source.string()}};
}

bool can_keep(const CheckOptions& options) { return !options.cache.empty() && options.sandbox != "off" && options.device == "cpu"; }

bool finding_of_the_machine(const Finding& finding) {
  static const std::set<std::string> rules = {"run-timeout", "run-cpu-limit",    "run-memory",      "run-crash",           "run-garbled",
                                              "run-exit",    "run-output-limit", "run-interrupted", "run-nondeterministic"};
  return rules.count(finding.rule) != 0 || finding.rule.find("not-decided") != std::string::npos;
}

namespace {

template <class Judged>
bool whole(const Judged& judged) {
  if (judged.status == Status::not_decided) return false;
  if (!judged.sandbox.empty() && judged.sandbox.find("seccomp") == std::string::npos) return false;  // what was judged might have written to the cache
  return std::none_of(judged.findings.begin(), judged.findings.end(), finding_of_the_machine);
}

}  // namespace

bool can_be_kept(const StepReport& report) { return whole(report); }
bool can_be_kept(const ComponentReport& report) { return whole(report); }

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  std::string text;
  for (std::string line; std::getline(in, line) && !line.empty();)  // of the first core
    if (line.rfind("model", 0) == 0 || line.rfind("flags", 0) == 0 || line.rfind("vendor", 0) == 0 || line.rfind("CPU", 0) == 0 || line.rfind("Features", 0) == 0) text += line + '\n';
  return text + std::to_string(std::thread::hardware_concurrency());
}

}  // namespace decomp
