#include "decompose/ways.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace decomp {
namespace {

constexpr std::array order = {"source", "recorded", "none"};
constexpr const char* of_fusions = "run";  // a fusion, cut out of modules that go by their source: those do without

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// Why a step fails for itself; "" where it only lies below one that does. An original that nobody made may have a maker that fails.
std::string own_error(const StepReport& step, bool orphans) {
  for (const Finding& f : step.findings)
    if (f.severity == Severity::error && f.rule != "custody-parent-not-accepted" && (orphans || f.rule != "custody-original-unknown"))
      return "[" + f.rule + "] " + f.message;
  return "";
}

bool fails_for_itself(const StepReport& step) { return step.status == Status::fail && !own_error(step, false).empty(); }

}  // namespace

bool next_ways(const Report& report, const Json& summary, Json& ways) {
  bool more = false;
  const auto steps = summary.find("by_step");
  if (steps == summary.end() || !steps->is_object()) return false;
  const bool orphans = std::none_of(report.steps.begin(), report.steps.end(), fails_for_itself);
  for (const StepReport& step : report.steps) {
    const std::string error = own_error(step, orphans);
    if (step.status != Status::fail || error.empty()) continue;
    const auto made = steps->find(std::filesystem::path(step.path).filename().string());
    if (made == steps->end() || !made->is_object()) continue;
    const std::string way = text_in(*made, "way");
    const auto now = std::find(order.begin(), order.end(), way);
    if (way != of_fusions && (now == order.end() || now + 1 == order.end())) continue;
    const std::string next = way == of_fusions ? "ungrouped" : *(now + 1);
    const auto modules = made->find("modules");
    if (modules == made->end() || !modules->is_array()) continue;
    for (const Json& module : *modules)
      if (module.is_string()) {
        const std::string name = module.get<std::string>();
        const std::string before = ways.contains(name) ? text_in(ways[name], "reason") + "; from the recorded run, too, " : "";
        ways[name] = {{"way", next}, {"reason", before + "its step was not proved: " + error}};
        more = true;
      }
  }
  return more;
}

std::vector<Finding> gaps_of(const Json& summary, const std::filesystem::path& model) {
  std::vector<Finding> found;
  const auto gaps = summary.find("gaps");
  if (gaps == summary.end() || !gaps->is_array()) return found;
  for (const Json& gap : *gaps) {
    if (!gap.is_object()) continue;
    const std::string module = text_in(gap, "module");
    found.push_back({"decompose-partial", Severity::error, {model.string()},
                     (module.empty() ? "the model itself" : "the module " + module) + " (" + text_in(gap, "class") + ") could not be taken apart: " +
                         text_in(gap, "reason") + ". Instead " + text_in(gap, "instead"),
                     "Write that part with plain statements, child modules and torch functions, or make its step by hand."});
  }
  return found;
}

}  // namespace decomp
