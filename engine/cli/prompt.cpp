// decomp prompt MODEL.py -o DIR [--phase N] [--format text|json]

#include "cli/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <sstream>

#include "cli/command.h"
#include "cli/engine_loader.h"
#include "core/embedded.h"
#include "core/error.h"
#include "core/rules.h"
#include "core/schema.h"
#include "pipeline/native_model.h"
#include "report/render.h"

namespace fs = std::filesystem;

namespace decomp {

extern const EmbeddedFile* const template_files_begin;
extern const EmbeddedFile* const template_files_end;

namespace {

constexpr std::size_t modules_shown = 120;  // a model of hundreds of modules repeats itself
constexpr std::size_t places_shown = 4;

std::string_view template_text(std::string_view name) {
  for (const EmbeddedFile* file = template_files_begin; file != template_files_end; ++file)
    if (file->name == name) return file->text;
  throw Error(ErrorKind::infrastructure, "there is no template " + std::string(name));
}

// "{{name}}" becomes the value of that name; lines "%% 1 3" begin a part that belongs to these phases.
std::string fill(std::string_view text, const std::map<std::string, std::string>& values, std::optional<int> phase) {
  std::string out;
  bool kept = true;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("%% ", 0) == 0) {
      kept = !phase || line.find(std::to_string(*phase)) != std::string::npos;
      continue;
    }
    if (!kept) continue;
    for (std::size_t at = 0, end; (at = line.find("{{", at)) != std::string::npos && (end = line.find("}}", at)) != std::string::npos;) {
      const auto value = values.find(line.substr(at + 2, end - at - 2));
      if (value == values.end()) throw Error(ErrorKind::infrastructure, "internal error: a template names " + line.substr(at, end + 2 - at));
      line.replace(at, end + 2 - at, value->second);
      at += value->second.size();
    }
    out += line + "\n";
  }
  return out;
}

std::string joined(const Json& list, const std::string& between = ", ", std::size_t most = std::string::npos) {
  std::string text;
  std::size_t count = 0;
  for (const Json& item : list) {
    if (count++ == most) return text + fmt::format(" and {} more", list.size() - most);
    text += (text.empty() ? "" : between) + item.get<std::string>();
  }
  return text;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

// Modules that repeat an earlier one, with all below them: path -> the earlier one's path.
std::map<std::string, std::string> repeats_in(const Json& modules) {
  std::map<std::string, std::string> first, repeats;
  for (const Json& top : modules) {
    const std::string path = top.at("path").get<std::string>();
    if (path.empty() || top.at("level") == "kernel" || top.at("level") == "") continue;
    std::string form;
    for (const Json& m : modules) {
      std::string below = m.at("path").get<std::string>();
      if (below != path && below.rfind(path + ".", 0) != 0) continue;
      Json same = m;
      same.erase("children");
      same["path"] = below.substr(path.size());
      form += same.dump();
    }
    const auto [known, fresh] = first.try_emplace(form, path);
    if (!fresh) repeats[path] = known->second;
  }
  return repeats;
}

bool lies_in(const std::map<std::string, std::string>& repeats, const std::string& path, bool itself) {
  return std::any_of(repeats.begin(), repeats.end(), [&](const auto& r) { return (itself && path == r.first) || path.rfind(r.first + ".", 0) == 0; });
}

std::string module_table(const Json& outline) {
  const auto repeats = repeats_in(outline.at("modules"));
  std::string table = "| module | class | level | takes | returns | its own weights | why this level |\n|---|---|---|---|---|---|---|\n";
  std::size_t shown = 0;
  for (const Json& m : outline.at("modules")) {
    const std::string path = m.at("path").get<std::string>();
    if (lies_in(repeats, path, false)) continue;
    if (shown++ == modules_shown) return table + "\nThere are more modules; `--format json` lists them all.\n";
    if (const auto repeat = repeats.find(path); repeat != repeats.end()) {
      table += fmt::format("| `{}` | {} | {} | the same as `{}`, with all below it |\n", path, m.at("class").get<std::string>(), m.at("level").get<std::string>(), repeat->second);
      continue;
    }
    const std::string level = m.at("level").get<std::string>();
    table += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", path.empty() ? "(model)" : "`" + path + "`", m.at("class").get<std::string>(), level.empty() ? "none" : level,
                         cell(joined(m.value("inputs", Json::array()))), cell(joined(m.value("outputs", Json::array()))), cell(joined(m.at("weights"), ", ", places_shown)),
                         cell(m.at("why").get<std::string>()));
  }
  return table;
}

std::string kernel_table(const Json& outline) {
  std::string table = "| file in `level_0_kernel/` | operations | instances | where |\n|---|---|---|---|\n";
  for (const Json& k : outline.at("kernels"))
    table += fmt::format("| `{}.py` | {} | {} | {} |\n", k.at("name").get<std::string>(), cell(joined(k.at("operations"))), k.at("instances").get<int>(),
                         cell(joined(k.at("where"), ", ", places_shown)));
  return table;
}

std::string fusion_table(const Json& outline) {
  if (outline.at("fusions").empty()) return "";
  std::string table = "### Fusions that are no module of the author's\n\n| file in `level_1_fusion/` | kernels, in this order | where |\n|---|---|---|\n";
  for (const Json& fusion : outline.at("fusions"))
    table += fmt::format("| `{}.py` | {} | {} |\n", fusion.at("name").get<std::string>(), cell(joined(fusion.at("kernels"), " → ")), cell(joined(fusion.at("where"), ", ", places_shown)));
  return table + "\n";
}

// Where the proposals come from, and what they leave open.
std::string plan_note(const Json& outline) {
  if (outline.contains("unplanned"))
    return "`decomp decompose` has no plan for this model (" + outline.at("unplanned").get<std::string>() +
           "): its levels are yours to choose. The kernels below are its operations, each by itself; several that are one idea become one kernel.\n";
  std::string text = "Levels, kernels and names are what `decomp decompose` would make of this model; it can write and prove them by itself.\n";
  for (const Json& gap : outline.at("gaps"))
    text += fmt::format("It knows no way into `{}` ({}): take that apart yourself.\n", gap.at("component").get<std::string>(), gap.at("reason").get<std::string>());
  return text;
}

std::string call_order(const Json& outline) {
  const auto repeats = repeats_in(outline.at("modules"));
  Json order = Json::array();
  for (const Json& path : outline.at("order"))
    if (!lies_in(repeats, path.get<std::string>(), false)) order.push_back(path);
  return order.empty() ? "" : "Called in this order: " + joined(order, " → ", modules_shown) + ".\n";
}

std::string rules_text() {
  std::string text;
  for (const std::string& id : rule_ids()) {
    const auto rule = rule_text(id);
    if (rule->severity == "note") continue;
    std::string summary = rule->summary;
    std::replace(summary.begin(), summary.end(), '\n', ' ');
    text += "- `" + id + "`" + (rule->severity == "warning" ? " (warning)" : "") + ": " + summary + "\n";
  }
  return text;
}

std::string tolerance_text() {
  std::string text = "| dtype | rtol | atol |\n|---|---|---|\n";
  for (const Json& row : rule_data("tolerances").at("rows"))
    text += "| " + joined(row.at("dtypes")) + " | " + row.at("rtol").dump() + " | " + row.at("atol").dump() + " |\n";
  return text + "\nIntegers and bools are exact.";
}

std::string dtype_codes() {
  std::string text = "Dtypes are written ";
  bool first = true;
  for (const auto& [code, dtype] : rule_data("names").at("dtypes").items()) {
    text += (first ? "" : ", ") + code + " (" + dtype.get<std::string>() + ")";
    first = false;
  }
  return text;
}

// Commands of the gate that this build has.
std::string last_gate(const std::string& program, const std::string& model, const std::string& output) {
  const std::vector<std::pair<std::string, std::string>> all = {
      {"run-tests", "run-tests " + output}, {"compose", "compose " + output}, {"extract-ops", "extract-ops --model " + model + " --decomp-dir " + output + " --output " + output + "/verification/coverage_summary.json"},
      {"run-steps", "run-steps " + output}, {"check", "check --source " + model + " " + output}};
  std::string text = "   ```sh\n";
  for (const auto& [name, command] : all)
    if (find_command(name) != nullptr) text += "   " + program + " " + command + "\n";
  return text + "   ```\n   each of them ends with PASS.";
}

std::string phase_0_gate(const std::string& program, const std::string& model, const std::string& output, const std::string& name) {
  const bool named = !fs::is_regular_file(model), package = named && fs::path(model.substr(0, model.rfind(':'))).extension() != ".py";
  const std::string file = output + "/level_3_model/" + name + ".py", script = output + "/steps/step_0_preparation/verify_wrapper.py";
  return "   ```sh\n   python " + file + "\n   " + program + " verify-wrapper --original " + script + " --wrapper " + file + "\n   " + program + " prompt " + file +
         " -o " + output + " --phase 1\n   ```\n   The file says PASS of itself, and decomp proves it. `" + script +
         "` builds the native model from its configuration, without a download, and binds it to `original`; what the script prints is never believed. "
         "More than 95 % of the parameters of both sides must find their partner by name, a common prefix, path or order of use.\n"
         "   decomp can write the file itself, and proves it the same way:\n   ```sh\n   " +
         program + " wrap " + model + (named ? "" : ":CLASS") + (package ? " --config config.json" : "") + " --inputs inputs.json -o " + file + "\n   ```\n   Read what it wrote, and go on.";
}

std::map<std::string, std::string> common_values(const std::string& name, const std::string& named, const std::string& output) {
  const std::string program = program_name();
  return {{"model", name}, {"name", name}, {"model_path", named}, {"output", output}, {"explain", program + " explain"}, {"check", program + " check"}, {"prompt", program + " prompt"}, {"rules", rules_text()}};
}

std::string reasons_for_phase_0(const Json& outline) {
  std::string text;
  if (!outline.at("foreign_imports").empty()) text = "it imports " + joined(outline.at("foreign_imports"));
  if (!outline.at("lacks").empty()) text += (text.empty() ? "" : ", and ") + ("it has no " + joined(outline.at("lacks")));
  return text.empty() ? "you asked for phase 0" : text;
}

}  // namespace

std::string program_name() {
  const fs::path self = self_path();
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code ignored;
    const fs::path found = fs::path(folder) / "decomp";
    if (!folder.empty() && fs::exists(found, ignored)) return fs::equivalent(found, self, ignored) ? "decomp" : self.string();
  }
  return self.string();
}

Prompt make_native_prompt(const std::string& named, const std::string& name, const std::string& output, const std::string& reasons) {
  Prompt prompt;
  prompt.phase = 0;
  prompt.outline = Json::object();
  prompt.report.status = Status::pass;
  prompt.reasons = reasons;
  auto values = common_values(name, named, output);
  values["reasons"] = reasons;
  values["gate"] = phase_0_gate(program_name(), named, output, name);
  prompt.text = fill(template_text("prompt_phase_0.md"), values, std::nullopt);
  return prompt;
}

std::string model_file_name(const std::string& named) {
  const std::string place = fs::is_regular_file(named) ? named : named.substr(0, named.rfind(':'));
  if (fs::path(place).extension() == ".py") return fs::path(place).stem().string();
  const std::string klass = named.substr(std::min(named.size(), named.rfind(':') + 1));
  std::string name;
  for (std::size_t i = 0; i < klass.size(); ++i) {
    const auto is = [&](std::size_t at, auto&& test) { return at < klass.size() && test(static_cast<unsigned char>(klass[at])) != 0; };
    const auto lower = [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0; };
    if (i > 0 && is(i, [](unsigned char c) { return std::isupper(c); }) && klass[i - 1] != '_' && (is(i - 1, lower) || (is(i + 1, lower) && !is(i + 1, [](unsigned char c) { return std::isdigit(c); })))) name += '_';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(klass[i])));
  }
  return name;
}

Prompt make_prompt(const fs::path& model, const std::string& output, std::optional<int> phase, const CheckOptions& options) {
  Prompt prompt;
  prompt.report = load_and_run(OutlineRequest{model, &prompt.outline}, options);
  const bool unready = prompt.outline.contains("lacks") && !(prompt.outline.at("lacks").empty() && prompt.outline.at("foreign_imports").empty());
  if (!unready && !prompt.report.findings.empty() && phase != 0) return prompt;
  prompt.phase = phase.value_or(unready ? 0 : 1);
  if (prompt.phase > 0 && unready) throw Error(ErrorKind::usage, model.string() + " needs phase 0 first: " + reasons_for_phase_0(prompt.outline));
  if (prompt.phase == 0) {
    Prompt first = make_native_prompt(model.string(), model.stem().string(), output, prompt.outline.contains("lacks") ? reasons_for_phase_0(prompt.outline) : "it cannot be read");
    first.outline = std::move(prompt.outline);
    first.report = std::move(prompt.report);
    first.report.status = Status::pass;
    return first;
  }
  auto values = common_values(model.stem().string(), model.string(), output);
  const Json& outline = prompt.outline;
  values["class"] = outline.at("class").get<std::string>();
  values["parameters"] = std::to_string(outline.at("parameters").get<std::int64_t>());
  values["inputs"] = joined(outline.at("inputs"));
  values["outputs"] = joined(outline.at("outputs"));
  values["module_table"] = module_table(outline);
  values["order"] = call_order(outline);
  values["plan_note"] = plan_note(outline);
  values["fusion_table"] = fusion_table(outline);
  values["kernel_table"] = kernel_table(outline);
  values["last_gate"] = last_gate(program_name(), model.string(), output);
  values["tolerances"] = tolerance_text();
  values["dtype_codes"] = dtype_codes();
  const Json& refactored = rule_data("grammar").at("refactored");
  values["plumbing_functional"] = "`" + joined(refactored.at("plumbing").at("torch.nn.functional"), "`, `") + "`";
  values["plumbing_methods"] = "`" + joined(refactored.at("methods"), "` `") + "`, and those of `rules/ops.json`'s plumbing operators";
  prompt.text = fill(template_text("prompt.md"), values, phase);
  return prompt;
}

int cmd_prompt(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("Prints what an agent needs to take a model apart: the model's real modules, shapes and kernels from a recorded run, the rules of this build, the "
               "commands at each gate.",
               "decomp prompt");
  std::string model, output;
  std::optional<int> phase;
  CommonOptions options;
  app.add_option("MODEL", model, "The model's .py file; FILE.py:CLASS or PACKAGE:CLASS of a model that must become one file first")->required();
  app.add_option("-o,--output", output, "The folder where the decomposition will be")->required();
  app.add_option("--phase", phase, "0: make the model self-contained; 1: model and levels; 2: steps; 3: the last files (default: all that is needed now)")->check(CLI::Range(0, 3));
  options.add_limits_to(app);
  options.format = "text";
  app.get_option("--format")->check(CLI::IsMember({"text", "json"}));
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  const bool file = fs::is_regular_file(model);
  if (!file && model.find(':') == std::string::npos) throw Error(ErrorKind::usage, "there is no file " + model);
  if (!file) native_model(model, {});  // throws where it names nothing
  if (!file && phase.value_or(0) != 0) throw Error(ErrorKind::usage, model + " needs phase 0 first: it is not one file that runs with torch alone");
  options.complete(app, file ? fs::path(model).parent_path() : ".", {});
  const Prompt prompt = file ? make_prompt(model, output, phase, options.check)
                             : make_native_prompt(model, model_file_name(model), output, "it is not one file that runs with torch alone");
  if (prompt.text.empty()) {
    render_agent(prompt.report, {}, err);
    return std::max(1, exit_code(prompt.report));
  }
  if (options.format == "text") {
    out << prompt.text;
    return 0;
  }
  const Json document = {{"model", model}, {"output", output}, {"phase", prompt.phase}, {"text", prompt.text}, {"outline", prompt.outline}};
  if (const auto why = schema_violation("prompt", document)) throw Error(ErrorKind::infrastructure, "internal error: the prompt does not fit its schema: " + *why);
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  return 0;
}

}  // namespace decomp
