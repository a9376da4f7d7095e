#include "cli/settings.h"

// Debug builds would end the process where toml++ meets what it did not expect ("[\x01"), and not say that it is no TOML.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/error.h"
#include "core/rules.h"
#include "core/source.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// `name` is how messages show the key: "decomp.toml:3: limits.wall_seconds".
[[noreturn]] void refuse(const std::string& name, const std::string& kind) {
  throw Error(ErrorKind::usage, name + " must be " + kind);
}

double number(const toml::node& node, const std::string& name) {
  const auto value = node.is_number() ? node.value<double>() : std::nullopt;
  if (!value || !std::isfinite(*value) || *value < 0) refuse(name, "a number that is at least 0");
  return *value;
}

int whole_number(const toml::node& node, const std::string& name) {
  const auto value = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
  if (!value || *value < 0 || *value > 1'000'000) refuse(name, "a whole number that is at least 0");
  return static_cast<int>(*value);
}

std::string text(const toml::node& node, const std::string& name) {
  const auto value = node.is_string() ? node.value<std::string>() : std::nullopt;
  if (!value) refuse(name, "a text in quotes");
  return *value;
}

// One row per setting: its table ("" for the top level), its key, the flag that wins over it, how it is stored.
struct Setting {
  const char* table;
  const char* key;
  const char* flag;
  void (*set)(CommonOptions&, const toml::node&, const std::string& name);
};

using Options = CommonOptions&;
using Node = const toml::node&;
using Name = const std::string&;

const Setting settings[] = {
    {"", "rtol", "--rtol", [](Options o, Node v, Name n) { o.check.rtol = number(v, n); }},
    {"", "atol", "--atol", [](Options o, Node v, Name n) { o.check.atol = number(v, n); }},
    {"", "num_trials", "--num-trials", [](Options o, Node v, Name n) { o.check.num_trials = whole_number(v, n); }},
    {"", "jobs", "--jobs", [](Options o, Node v, Name n) { o.check.jobs = whole_number(v, n); }},
    {"", "device", "--device", [](Options o, Node v, Name n) { o.check.device = text(v, n); }},
    {"", "sandbox", "--sandbox", [](Options o, Node v, Name n) { o.check.sandbox = text(v, n); }},
    {"limits", "wall_seconds", "--timeout", [](Options o, Node v, Name n) { o.check.wall_seconds = number(v, n); }},
    {"limits", "cpu_seconds", "--cpu-time", [](Options o, Node v, Name n) { o.check.cpu_seconds = number(v, n); }},
    {"limits", "memory_mb", "--max-memory", [](Options o, Node v, Name n) { o.max_memory_mb = number(v, n); }},
    {"limits", "output_kb", "--max-output", [](Options o, Node v, Name n) { o.max_output_kb = number(v, n); }},
};

std::string place(const std::string& file, toml::source_position at) {
  return file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

[[noreturn]] void refuse_unknown(const std::string& where, const std::string& table, const std::string& key) {
  std::vector<std::string> known;
  for (const Setting& s : settings)
    if (table == s.table) known.emplace_back(s.key);
  if (table.empty()) known.emplace_back("limits");
  std::string message = where + ": decomp has no setting `" + (table.empty() ? "" : table + ".") + key + "`";
  if (const auto near = nearest(key, known); !near.empty()) message += "; did you mean `" + near[0] + "`?";
  throw Error(ErrorKind::usage, message);
}

void apply(CommonOptions& options, const CLI::App& app, const toml::table& values, const std::string& table, const std::string& file) {
  for (const auto& [key, node] : values) {
    const std::string name(key.str());
    if (table.empty() && name == "limits" && node.is_table()) {
      apply(options, app, *node.as_table(), name, file);
      continue;
    }
    const auto* setting = std::find_if(std::begin(settings), std::end(settings), [&](const Setting& s) { return table == s.table && name == s.key; });
    if (setting == std::end(settings)) refuse_unknown(place(file, node.source().begin), table, name);
    const CLI::Option* flag = app.get_option_no_throw(setting->flag);
    if (flag == nullptr || flag->count() == 0)
      setting->set(options, node, place(file, node.source().begin) + ": " + (table.empty() ? "" : table + ".") + name);
  }
}

// What toml++ is given. It has undefined behaviour where a character beyond ASCII stands between tokens; no setting of ours
// holds one, so "?" stands in the place of each byte, and every place in the file stays what it is.
std::string ascii_of(std::string text) {
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.replace(0, 3, "   ");  // a byte order mark
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text;
}

// decomp's table of the file; nothing when it has none. decomp.toml is one as a whole.
std::optional<toml::table> settings_in(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::nullopt;
  const bool shared = file.filename() == "pyproject.toml";
  auto source = read_source(file, file.string());
  if (const auto* unread = std::get_if<Finding>(&source)) {
    if (shared) return std::nullopt;  // not ours to judge
    const Location& at = unread->where;
    const std::string where = at.line > 0 ? at.file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) : at.file;
    throw Error(ErrorKind::usage, where + ": " + unread->message + "; " + unread->help);
  }
  try {
    toml::table values = toml::parse(ascii_of(std::move(std::get<Source>(source).bytes)), file.string());
    if (!shared) return values;
    toml::table* ours = values["tool"]["decomp"].as_table();
    return ours != nullptr ? std::optional<toml::table>(std::move(*ours)) : std::nullopt;  // a copy would lose its lines
  } catch (const toml::parse_error& error) {
    if (shared) return std::nullopt;
    throw Error(ErrorKind::usage, place(file.string(), error.source().begin) + ": no TOML: " + std::string(error.description()));
  }
}

bool is_inside(const fs::path& folder, const std::vector<fs::path>& roots) {
  return std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) {
    return std::mismatch(root.begin(), root.end(), folder.begin(), folder.end()).first == root.end();
  });
}

bool holds_settings(const fs::path& file) {
  try {
    return settings_in(file).has_value();
  } catch (const Error&) {
    return true;
  }
}

constexpr std::array<const char*, 2> file_names = {"decomp.toml", "pyproject.toml"};

fs::path folder_at(const fs::path& path) {
  std::error_code ignored;
  fs::path folder = fs::weakly_canonical(path.empty() ? "." : path, ignored);
  return folder.has_filename() || folder == folder.root_path() ? folder : folder.parent_path();
}

// The decomposition's folder, for one of its steps.
fs::path judged_folder(const fs::path& step) {
  fs::path folder = folder_at(step);
  return folder.parent_path().filename() == "steps" ? folder.parent_path().parent_path() : folder;
}

}  // namespace

std::vector<Finding> read_settings(CommonOptions& options, const CLI::App& app, const fs::path& start, const std::vector<fs::path>& steps) {
  std::vector<Finding> findings;
  std::vector<fs::path> roots;
  for (const fs::path& step : steps) roots.push_back(judged_folder(step));
  for (fs::path folder = folder_at(start);; folder = folder.parent_path()) {
    for (const char* name : file_names) {
      const fs::path file = folder / name;
      if (is_inside(folder, roots)) {
        if (holds_settings(file))
          findings.push_back({"file-settings", Severity::warning, {file.string()},
                              "lies inside of what is judged, so its settings are not used",
                              "Move the file to a folder above, or use flags."});
        continue;
      }
      if (const auto values = settings_in(file)) {
        apply(options, app, *values, "", file.string());
        return findings;
      }
    }
    if (folder == folder.root_path() || folder.empty()) return findings;
  }
}

}  // namespace decomp
