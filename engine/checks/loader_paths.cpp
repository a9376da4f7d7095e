#include "checks/loader_paths.h"

#include <algorithm>

namespace decomp {
namespace {

bool is_file_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-' || c == static_cast<unsigned char>(any_text); });
}

bool is_level_folder(const std::string& name) { return name.rfind("level_", 0) == 0 && name.size() > 7 && name[6] >= '0' && name[6] <= '3'; }

// Without "." and "..", as long as nothing leads above the root.
std::string normal(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    begin = end + 1;
    if (part == ".." && !parts.empty()) parts.pop_back();
    else if (!part.empty() && part != ".") parts.push_back(part);
  }
  std::string text;
  for (const std::string& part : parts) text += "/" + part;
  return text;
}

}  // namespace

std::string unspeakable_folder() { return "/\x01/\x02/\x03/\x04/\x05/\x06/\x07"; }

std::string joined_path(const std::string& left, const std::string& right) {
  if (left.empty() || (!right.empty() && right[0] == '/')) return right;
  return left.back() == '/' ? left + right : left + "/" + right;
}

std::string all_joined(const std::vector<LoadValue>& parts) {
  std::string path;
  for (const LoadValue& part : parts) path = joined_path(path, part.text);
  return path;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1); }

std::string stem_of(const std::string& file) {
  const std::size_t dot = file.rfind('.');
  return dot == std::string::npos || dot == 0 ? file : file.substr(0, dot);
}

std::string module_of_path(const std::string& path, const std::string& here) {
  const std::string file = normal(path);
  const std::string folder = folder_of(file), name = last_part(file);
  if (path.empty() || path[0] != '/' || name.size() < 4 || name.compare(name.size() - 3, 3, ".py") != 0 || !is_file_name(stem_of(name))) return "";
  if (folder == here + "/children") return "children." + stem_of(name);
  if (folder_of(folder) == folder_of(here) && is_level_folder(last_part(folder))) return last_part(folder) + "." + stem_of(name);
  return "";
}

bool is_import_name(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return is_file_name(name);
  const std::string package = name.substr(0, dot);
  return (package == "children" || is_level_folder(package)) && is_file_name(name.substr(dot + 1));
}

std::optional<std::string> text_method(const std::string& text, const std::string& method, const std::vector<LoadValue>& arguments) {
  const std::size_t count = arguments.size();
  if (method == "replace" && count == 2 && !arguments[0].text.empty()) {
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
      const bool found = text.compare(at, arguments[0].text.size(), arguments[0].text) == 0;
      made += found ? arguments[1].text : text.substr(at, 1);
      at += found ? arguments[0].text.size() : 1;
    }
    return made;
  }
  if (count == 1 && (method == "removesuffix" || method == "removeprefix")) {
    const std::string& part = arguments[0].text;
    if (part.size() > text.size()) return text;
    if (method == "removeprefix") return text.rfind(part, 0) == 0 ? text.substr(part.size()) : text;
    return text.compare(text.size() - part.size(), part.size(), part) == 0 ? text.substr(0, text.size() - part.size()) : text;
  }
  if (method == "format") {  // "{}.py".format(name)
    std::string made;
    std::size_t next = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] != '{' && text[at] != '}') made += text[at];
      else if (text.compare(at, 2, "{}") == 0 && next < count) made += arguments[next++].text, ++at;
      else return std::nullopt;
    }
    return made;
  }
  return std::nullopt;
}

}  // namespace decomp
