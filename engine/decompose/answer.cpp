#include "decompose/answer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/source.h"
#include "pipeline/workspace.h"

namespace decomp {
namespace {

constexpr std::size_t most_files = 20000;
constexpr std::size_t most_bytes = 256u << 20;

bool is_name(const std::string& part) {
  return !part.empty() && part.size() <= 200 && part[0] != '.' && part[0] != '-' &&
         std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-'; });
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts(1);
  for (char c : path)
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

// A file of the layout that the specification gives a decomposition.
bool belongs(const std::string& path) {
  static constexpr std::array top = {"decomposition_tree.json", "decomposition_analysis.md", "decomposition_log.json"};
  const auto parts = parts_of(path);
  if (!std::all_of(parts.begin(), parts.end(), is_name)) return false;
  if (parts.size() == 1) return std::find(top.begin(), top.end(), path) != top.end();
  const bool python = parts.back().size() > 3 && parts.back().ends_with(".py");
  if (parts.size() == 2) return python && std::find(std::begin(level_folders), std::end(level_folders), parts[0]) != std::end(level_folders);
  if (parts[0] != "steps") return false;
  if (parts.size() == 3) return parts[2] == "original.py" || parts[2] == "refactored.py" || parts[2] == "weight_map.json";
  return parts.size() == 4 && parts[2] == "children" && python;
}

}  // namespace

std::variant<GeneratedFiles, std::string> read_answer(const Json& answer) {
  if (!answer.is_object() || !answer.contains("files") || !answer["files"].is_object()) return "it names no files";
  GeneratedFiles made;
  std::size_t bytes = 0;
  for (const auto& [path, text] : answer["files"].items()) {
    if (!belongs(path)) return "it names the file " + path.substr(0, 200) + ", which is no part of a decomposition";
    if (!text.is_string()) return "the file " + path + " has no text";
    bytes += text.get_ref<const std::string&>().size();
    if (made.texts.size() >= most_files || bytes > most_bytes) return "it is larger than any decomposition may be";
    if (!is_utf8(text.get_ref<const std::string&>())) return "the file " + path + " is not UTF-8";
    made.texts.emplace(path, text.get<std::string>());
  }
  if (made.texts.empty()) return "it names no files";
  made.summary = answer.value("summary", Json::object());
  return made;
}

}  // namespace decomp
