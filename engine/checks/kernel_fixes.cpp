#include "checks/kernel_fixes.h"

#include <algorithm>
#include <cctype>

#include "checks/document.h"
#include "checks/levels.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

using Names = std::map<std::string, std::string>;  // old module name -> new one

// The word that begins at `at`.
std::string word_at(const std::string& text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

std::size_t skip_blanks(const std::string& text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

// One line of Python, the module of an import statement renamed.
std::string renamed_import(const std::string& line, const Names& names) {
  const std::size_t start = skip_blanks(line, 0);
  const std::string keyword = word_at(line, start);
  if (keyword != "from" && keyword != "import") return line;
  std::size_t module = skip_blanks(line, start + keyword.size());
  if (module == start + keyword.size()) return line;
  for (std::size_t dot; (dot = module + word_at(line, module).size()) < line.size() && line[dot] == '.';) module = dot + 1;  // children.NAME
  const std::string name = word_at(line, module);
  const auto found = names.find(name);
  if (found == names.end()) return line;
  const std::size_t end = module + name.size(), next = skip_blanks(line, end);
  const std::string following = word_at(line, next);
  if (keyword == "from" && following != "import") return line;
  if (keyword == "import" && following != "as" && next < line.size() && line[next] != '#' && line[next] != '\r') return line;  // several modules
  // What used the module by its old name goes on to.
  const bool bare = keyword == "import" && following != "as" && module == skip_blanks(line, start + keyword.size());
  return line.substr(0, module) + found->second + (bare ? " as " + name : "") + line.substr(end);
}

// Every "NAME.py" that stands for itself.
std::string renamed_files(const std::string& text, const Names& names) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      result += text[at++];
      continue;
    }
    const std::string word = word_at(text, at);
    at += word.size();
    const auto found = names.find(word);
    const bool file = text.compare(at, 3, ".py") == 0 && (at + 3 >= text.size() || !is_word(text[at + 3]));
    result += file && found != names.end() ? found->second : word;
  }
  return result;
}

// "silu" may mean anything in a text, "silu_fp32" only the kernel.
bool is_telling(const std::string& name) { return name.find('_') != std::string::npos && name.find_first_of("0123456789") != std::string::npos; }

// Names in quotes, as loaders of composition tests take them.
std::string renamed_quotes(const std::string& text, const Names& names) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    result += text[at];
    if (text[at] != '"' && text[at] != '\'') continue;
    const std::string word = word_at(text, at + 1);
    const auto found = names.find(word);
    const std::size_t end = at + 1 + word.size();
    if (found == names.end() || !is_telling(word) || end >= text.size() || text[end] != text[at]) continue;
    result += found->second + text[end];
    at = end;
  }
  return result;
}

// Whole words of prose.
std::string renamed_prose(const std::string& text, const Names& names) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      result += text[at++];
      continue;
    }
    const std::string word = word_at(text, at);
    at += word.size();
    const auto found = names.find(word);
    result += is_telling(word) && found != names.end() ? found->second : word;
  }
  return result;
}

// Comments and triple-quoted strings of Python are prose.
std::string renamed_docstrings(const std::string& text, const Names& names) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::string quotes = text.compare(at, 3, "\"\"\"") == 0 ? "\"\"\"" : text.compare(at, 3, "'''") == 0 ? "'''" : "";
    if (text[at] == '#' || !quotes.empty()) {
      const std::size_t close = quotes.empty() ? text.find('\n', at) : text.find(quotes, at + 3);
      const std::size_t end = std::min(close, text.size());
      result += renamed_prose(text.substr(at, end - at), names);
      if (!quotes.empty() && end < text.size()) result += quotes;
      at = end + (end < text.size() ? quotes.size() : 0);
    } else if (text[at] == '"' || text[at] == '\'') {
      const char quote = text[at];
      do {
        if (text[at] == '\\' && at + 1 < text.size()) result += text[at++];
        result += text[at++];
      } while (at < text.size() && text[at] != quote && text[at] != '\n');
      if (at < text.size()) result += text[at++];
    } else {
      result += text[at++];
    }
  }
  return result;
}

std::string renamed_python(const std::string& text, const Names& names, bool quotes) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    result += renamed_import(text.substr(at, end - at), names);
    if (end < text.size()) result += '\n';
    at = end + 1;
  }
  result = renamed_docstrings(renamed_files(result, names), names);
  return quotes ? renamed_quotes(result, names) : result;
}

std::size_t offset_of(const std::string& text, const TextPosition& at) {
  std::size_t offset = 0;
  for (int line = 1; line < at.line; ++line) offset = text.find('\n', offset) + 1;
  return offset + static_cast<std::size_t>(at.column - 1);
}

void set_number(std::string& text, const std::string& pointer, std::size_t number) {
  const TextPosition at = locate_json(text, pointer);
  if (at.line == 0) return;
  const std::size_t begin = offset_of(text, at);
  std::size_t end = begin;
  while (end < text.size() && std::string_view("-+.eE0123456789").find(text[end]) != std::string_view::npos) ++end;
  text.replace(begin, end - begin, std::to_string(number));
}

// Two files have become one: what the tree counts by path, counted again.
std::string recounted(std::string text, const std::set<std::string>& merged) {
  const auto parsed = parse_json(text);
  const Json* tree = std::get_if<Json>(&parsed);
  if (tree == nullptr || !tree->is_object() || !tree->contains("nodes") || !tree->at("nodes").is_object()) return text;
  std::map<std::string, std::size_t> nodes;  // of kernels, by path
  const auto path_of = [](const Json& node) { return node.is_object() ? node.value("path", Json("")) : Json(""); };
  for (const Json& node : tree->at("nodes"))
    if (path_of(node).is_string() && node.is_object() && node.value("level", Json("")) == "kernel") ++nodes[path_of(node).get<std::string>()];
  for (const auto& [key, node] : tree->at("nodes").items())
    if (path_of(node).is_string() && merged.count(path_of(node).get<std::string>()) != 0 && node.contains("instance_count"))
      set_number(text, "/nodes" + pointer_part(key) + "/instance_count", nodes[path_of(node).get<std::string>()]);
  set_number(text, "/metadata/unique_kernels", nodes.size());
  return text;
}

class Planner {
 public:
  Planner(const FileTexts& files, const KernelFixes& fixes) : files_(files), fixes_(fixes) {}

  FixPlan plan() {
    for (const KernelRename& rename : fixes_.renames) names_[rename.from] = rename.to;
    for (const KernelMerge& merge : fixes_.merges) {
      if (!merge.problem.empty()) plan_.refused.push_back(merge.drop + ".py cannot be merged into " + merge.keep + ".py: " + merge.problem);
      merges_[merge.drop] = merge.keep;
    }
    for (const auto& [drop, keep] : merges_) names_[drop] = final_name(keep);
    targets();
    for (const auto& [path, text] : files_)
      if (kept(path)) rewrite(moved(path), path, text);
    bring_kept_files();
    for (const auto& [path, text] : files_)
      if (plan_.write.count(path) == 0 && (moved(path) != path || !kept(path))) plan_.remove.insert(path);
    for (const KernelRename& r : fixes_.renames) plan_.done.push_back("renamed " + r.from + ".py to " + r.to + ".py");
    for (const KernelMerge& m : fixes_.merges) plan_.done.push_back("merged " + m.drop + ".py into " + final_name(m.keep) + ".py");
    if (!plan_.refused.empty()) {
      plan_.write.clear();
      plan_.remove.clear();
      plan_.done.clear();
    }
    return std::move(plan_);
  }

 private:
  std::string final_name(std::string name) const {
    for (std::size_t i = 0; i <= merges_.size() && merges_.count(name) != 0; ++i) name = merges_.at(name);
    const auto renamed = std::find_if(fixes_.renames.begin(), fixes_.renames.end(), [&](const KernelRename& r) { return r.from == name; });
    return renamed == fixes_.renames.end() ? name : renamed->to;
  }

  static bool in_kernel_folder(const fs::path& path) {
    const fs::path folder = path.parent_path();
    return path.extension() == ".py" && (folder == level_folder(0) || (folder.filename() == "children" && folder.parent_path().parent_path() == "steps"));
  }
  bool is_kernel(const fs::path& path) const { return in_kernel_folder(path) && names_.count(path.stem().string()) != 0; }
  // Everything stays but the files that another takes the place of.
  bool kept(const fs::path& path) const { return !(is_kernel(path) && merges_.count(path.stem().string()) != 0); }
  std::string moved(const fs::path& path) const {
    return is_kernel(path) ? (path.parent_path() / (names_.at(path.stem().string()) + ".py")).generic_string() : path.generic_string();
  }

  // No file may come to lie where another one stays.
  void targets() {
    std::map<std::string, std::string> from;
    for (const auto& [path, text] : files_) {
      if (!kept(path)) continue;
      const auto [other, fresh] = from.emplace(moved(path), path);
      if (!fresh) plan_.refused.push_back((moved(path) == path ? other->second : path) + " would become " + moved(path) + ", and there is such a file already");
    }
  }

  void rewrite(const std::string& place, const std::string& path, const std::string& text) {
    const fs::path file(path);
    std::string changed = file.extension() == ".py" ? renamed_python(text, names_, file.parent_path() == "verification")
                          : file.extension() == ".md"  ? renamed_prose(renamed_files(text, names_), names_)
                                                       : renamed_files(text, names_);
    if (path == "decomposition_tree.json" && !merges_.empty()) {
      std::set<std::string> merged;
      for (const auto& [drop, keep] : merges_) merged.insert(level_folder(0) + "/" + final_name(keep) + ".py");
      changed = recounted(std::move(changed), merged);
    }
    if (file.filename() == "weight_map.json") changed = with_keys(file, std::move(changed));
    if (changed != text || place != path) plan_.write[place] = std::move(changed);
  }

  std::string with_keys(const fs::path& map, std::string text) const {
    for (const KernelMerge& merge : fixes_.merges)
      for (const KernelMerge::Use& use : merge.uses) {
        if (map.parent_path().filename() != use.step) continue;
        for (const auto& [drop, keep] : merge.keys) {
          const std::string old = "\"" + use.instance + "." + drop + "\"", better = "\"" + use.instance + "." + keep + "\"";
          for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += better.size()) text.replace(at, old.size(), better);
        }
      }
    return text;
  }

  // A folder that held only what is dropped gets the file that stays.
  void bring_kept_files() {
    for (const auto& [path, text] : files_) {
      if (kept(path)) continue;
      const std::string place = moved(path);
      if (plan_.write.count(place) != 0 || (files_.count(place) != 0 && moved(place) == place)) continue;
      const std::string keep = final_keep(fs::path(path).stem().string());
      const auto source = std::find_if(files_.begin(), files_.end(), [&](const auto& f) { return in_kernel_folder(f.first) && fs::path(f.first).stem() == keep; });
      if (source != files_.end()) plan_.write[place] = renamed_python(source->second, names_, false);
    }
  }
  std::string final_keep(std::string name) const {
    for (std::size_t i = 0; i <= merges_.size() && merges_.count(name) != 0; ++i) name = merges_.at(name);
    return name;
  }

  const FileTexts& files_;
  const KernelFixes& fixes_;
  Names names_;
  std::map<std::string, std::string> merges_;  // drop -> keep
  FixPlan plan_;
};

}  // namespace

void pair_keys(const ComponentRun& drop, const ComponentRun& keep, KernelMerge& merge) {
  std::vector<bool> taken(keep.tensors.size());
  for (const OwnedTensor& t : drop.tensors) {
    std::size_t at = 0;
    while (at < taken.size() && (taken[at] || keep.tensors[at].kind != t.kind || keep.tensors[at].shape != t.shape || keep.tensors[at].dtype != t.dtype)) ++at;
    if (at == taken.size()) {
      merge.problem = "it has no tensor for " + t.key;
      return;
    }
    taken[at] = true;
    if (keep.tensors[at].key != t.key) merge.keys.emplace_back(t.key, keep.tensors[at].key);
  }
  if (std::find(taken.begin(), taken.end(), false) != taken.end()) merge.problem = "it owns other tensors";
}

FixPlan plan_fixes(const FileTexts& files, const KernelFixes& fixes) { return Planner(files, fixes).plan(); }

}  // namespace decomp
