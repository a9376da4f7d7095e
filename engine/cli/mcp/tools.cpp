#include "cli/mcp/tools.h"

#include <sstream>

#include "cli/command.h"
#include "core/error.h"
#include "core/rules.h"
#include "core/schema.h"

namespace decomp {
namespace {

using Arguments = std::vector<std::string>;

// A path that begins with "-" is no option.
std::string path_argument(const Json& path) {
  const std::string text = path.get<std::string>();
  return text.rfind('-', 0) == 0 ? "./" + text : text;
}

void add_path(Arguments& arguments, const Json& input, const char* key, const char* flag) {
  if (input.contains(key)) arguments.insert(arguments.end(), {flag, path_argument(input.at(key))});
}

void add_number(Arguments& arguments, const Json& input, const char* key, const char* flag) {
  if (input.contains(key)) arguments.insert(arguments.end(), {flag, input.at(key).dump()});
}

// What a command printed, as it stands; where it judged nothing, what it complained about is the error.
struct Printed {
  std::string out;
  std::string error;
};

Printed run_command(std::string_view name, const Arguments& arguments) {
  std::ostringstream out, err;
  const int code = find_command(name)->run(arguments, out, err);
  if (code != 2 && !out.str().empty()) return {out.str(), ""};
  return {"", err.str().empty() ? "ended with exit code " + std::to_string(code) : err.str()};
}

Json place_and_text(const Json& finding) {
  Json brief;
  for (const char* key : {"rule", "severity", "file", "line", "column", "message", "help"}) brief[key] = finding.at(key);
  return brief;
}

// What an agent acts on: verdicts and findings. The numbers of every trial are left to `decomp check --format json`.
Json brief_report(const Json& report) {
  Json steps = Json::array(), findings = Json::array();
  std::int64_t notes = 0, passed = 0;
  const auto take = [&](const Json& list) {
    for (const Json& finding : list)
      if (finding.at("severity") == "note")
        ++notes;
      else
        findings.push_back(place_and_text(finding));
  };
  for (const Json& step : report.at("steps")) {
    passed += step.at("status") == "PASS";
    steps.push_back({{"path", step.at("path")}, {"status", step.at("status")}, {"grade", step.at("grade")}});
    take(step.at("findings"));
  }
  if (const auto compositions = report.find("compositions"); compositions != report.end())
    for (const Json& composition : *compositions) take(composition.at("findings"));
  take(report.at("findings"));
  return {{"status", report.at("status")}, {"passed", passed}, {"steps", std::move(steps)}, {"findings", std::move(findings)}, {"notes", notes}, {"seconds", report.at("seconds")}};
}

ToolResult judged(std::string_view command, const Arguments& arguments) {
  const Printed printed = run_command(command, arguments);
  if (!printed.error.empty()) return {printed.error, {}};
  return {"", brief_report(Json::parse(printed.out))};
}

// Anew each time: an agent could else have its work judged until a draw lets it pass, and that would be kept.
ToolResult check(const Json& input) {
  Arguments arguments = {"--format", "json", "--no-cache"};
  add_path(arguments, input, "source", "--source");
  add_number(arguments, input, "num_trials", "--num-trials");
  if (input.value("strict", false)) arguments.push_back("--strict");
  for (const Json& path : input.at("paths")) arguments.push_back(path_argument(path));
  return judged("check", arguments);
}

ToolResult verify_step(const Json& input) {
  Arguments arguments = {"--format", "json"};
  add_path(arguments, input, "original", "--original");
  add_path(arguments, input, "refactored", "--refactored");
  add_path(arguments, input, "weight_map", "--weight-map");
  for (const auto& [key, flag] : {std::pair{"num_trials", "--num-trials"}, {"rtol", "--rtol"}, {"atol", "--atol"}}) add_number(arguments, input, key, flag);
  return judged("verify-step", arguments);
}

ToolResult extract_ops(const Json& input) {
  Arguments arguments = {"--format", "json"};
  add_path(arguments, input, "model", "--model");
  add_path(arguments, input, "decomposition", "--decomp-dir");
  if (input.contains("children")) {
    arguments.push_back("--children");
    for (const Json& child : input.at("children")) arguments.push_back(path_argument(child));
  }
  const Printed printed = run_command("extract-ops", arguments);
  if (!printed.error.empty()) return {printed.error, {}};
  const Json report = Json::parse(printed.out);
  Json output = brief_report(report);
  output.erase("steps");
  output.erase("passed");
  if (!report.at("coverage").empty()) {
    const Json& coverage = report.at("coverage").at(0).at("coverage");
    output["coverage_pct"] = coverage.at("coverage_pct");
    output["operations"] = coverage.at("op_details");
  }
  return {"", std::move(output)};
}

ToolResult explain(const Json& input) {
  Json rules = Json::array();
  const std::vector<std::string> all = rule_ids();
  if (!input.contains("rules")) {
    for (const std::string& id : all) rules.push_back({{"id", id}, {"severity", rule_text(id)->severity}, {"summary", rule_text(id)->summary}});
    return {"", {{"rules", std::move(rules)}}};
  }
  for (const Json& wanted : input.at("rules")) {
    const std::string id = wanted.get<std::string>();
    const auto text = rule_text(id);
    if (!text) {
      const auto near = nearest(id, all);
      return {"there is no rule `" + id + "`" + (near.empty() ? "" : "; did you mean `" + near[0] + "`?"), {}};
    }
    rules.push_back({{"id", id}, {"severity", text->severity}, {"summary", text->summary}, {"why", text->why}, {"bad", text->bad}, {"good", text->good}, {"fix", text->fix}});
  }
  return {"", {{"rules", std::move(rules)}}};
}

ToolResult prompt(const Json& input) {
  Arguments arguments = {"--format", "json"};
  add_path(arguments, input, "output", "-o");
  add_number(arguments, input, "phase", "--phase");
  arguments.push_back(path_argument(input.at("model")));
  const Printed printed = run_command("prompt", arguments);
  if (!printed.error.empty()) return {printed.error, {}};
  return {"", Json::parse(printed.out)};
}

ToolResult decompose(const Json& input) {
  Arguments arguments = {"--format", "json"};
  add_path(arguments, input, "output", "-o");
  arguments.push_back(path_argument(input.at("model")));
  ToolResult result = judged("decompose", arguments);
  if (result.error.empty()) result.structured["output"] = input.at("output");
  return result;
}

constexpr Tool tools[] = {
    {"check", "check", "Check a decomposition",
     "Judges steps, whole decompositions, or a tree of them: grammar, weights, equality on fresh random weights, conservation of operations, custody. "
     "Reads only. PASS is a proof; each finding says what is wrong, where, and what to do.",
     true, false, check},
    {"verify_step", "verify-step", "Check one rewrite",
     "Judges one refactored file against its original; children are looked for in children/ beside it. Reads only.", true, false, verify_step},
    {"extract_ops", "extract-ops", "List a model's operations",
     "Lists a model's compute operations, and which of them the kernels of a decomposition (or the children of a step) make. Reads only.", true, false, extract_ops},
    {"decompose", "decompose", "Take a model apart",
     "Makes a decomposition of a self-contained model without an agent, proves it, and only then moves it to the output folder. Writes there alone.", true, true, decompose},
    {"explain", "explain", "Explain rules",
     "What a rule of a finding is for, with a bad and a good example and the mend; without names, all rules in one line each.", false, false, explain},
    {"prompt", "prompt", "How to take a model apart",
     "What there is to take apart in a model, from a recorded run of it: modules, shapes, proposed levels, the kernels with their right names; and how to go about it, "
     "with the rules of this build. Reads only.",
     true, false, prompt},
};

}  // namespace

std::vector<const Tool*> offered_tools() {
  std::vector<const Tool*> offered;
  for (const Tool& tool : tools)
    if (find_command(tool.command) != nullptr) offered.push_back(&tool);
  return offered;
}

const Tool* find_tool(std::string_view name) {
  for (const Tool* tool : offered_tools())
    if (tool->name == name) return tool;
  return nullptr;
}

Json tool_definition(const Tool& tool) {
  const auto schema = [&](const char* side) {
    Json text = Json::parse(schema_text("mcp_" + std::string(tool.name) + side));
    text.erase("$schema");  // what they use means the same in draft 7 and in the protocol's own dialect, 2020-12
    return text;
  };
  return {{"name", tool.name},
          {"title", tool.title},
          {"description", tool.description},
          {"inputSchema", schema("_input")},
          {"outputSchema", schema("_output")},
          {"annotations", {{"readOnlyHint", !tool.writes}, {"destructiveHint", false}, {"idempotentHint", true}, {"openWorldHint", false}}}};
}

ToolResult call_tool(const Tool& tool, const Json& input) {
  const std::string schemas = "mcp_" + std::string(tool.name);
  try {
    if (const auto why = schema_violation(schemas + "_input", input)) return {"the arguments of " + std::string(tool.name) + " are wrong " + *why, {}};
    ToolResult result = tool.run(input);
    if (result.error.empty())
      if (const auto why = schema_violation(schemas + "_output", result.structured)) return {"internal error: the result does not fit its schema " + *why, {}};
    return result;
  } catch (const Error& error) {
    return {error.what(), {}};
  } catch (const std::exception& error) {
    return {std::string("internal error: ") + error.what(), {}};
  }
}

}  // namespace decomp
