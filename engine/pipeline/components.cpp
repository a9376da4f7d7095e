#include "pipeline/components.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/digest.h"
#include "host/worker.h"
#include "pipeline/workspace.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

bool is_inside(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path relative = fs::weakly_canonical(file, error).lexically_relative(fs::weakly_canonical(folder, error));
  return !error && !relative.empty() && *relative.begin() != "..";
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) found.push_back(it->path());
  }
  std::sort(found.begin(), found.end(),
            [](const fs::path& a, const fs::path& b) { return natural_less(a.filename().string(), b.filename().string()); });
  return found;
}

class ComponentReader {
 public:
  ComponentReader(Session& session, const fs::path& root) : session_(session), root_(root) {}

  void add_folder(const fs::path& folder, int level) {
    Folder read{level, {}};
    for (const fs::path& file : python_files(folder)) {
      read.members.push_back(all_.size());
      all_.push_back(read_file(file, level));
    }
    folders_.push_back(std::move(read));
  }

  void add_original(const fs::path& file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) return;
    folders_.push_back({-1, {all_.size()}});
    all_.push_back(read_file(file, -1));
    all_.back().original = true;
  }

  void add_files(const std::vector<fs::path>& files) {
    std::map<fs::path, Folder> groups;
    for (const fs::path& file : files) {
      groups[file.parent_path()].members.push_back(all_.size());
      all_.push_back(read_file(file, -1));
    }
    for (auto& [folder, group] : groups) folders_.push_back(std::move(group));
  }

  bool empty() const { return all_.empty(); }

  std::vector<Component> finish() {
    direct_.resize(all_.size());
    for (const Folder& folder : folders_) {
      const auto names = importable(folder);
      for (std::size_t i : folder.members) resolve(i, names);
    }
    std::set<std::string> digests;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (!all_[i].source) continue;
      follow_imports(i);
      if (all_[i].original) continue;
      const bool fresh = digests.insert(all_[i].digest).second;
      all_[i].repeated = !fresh && all_[i].level < 0;
    }
    return std::move(all_);
  }

 private:
  // Files that may import each other.
  struct Folder {
    int level = -1;
    std::vector<std::size_t> members = {};
  };

  Component read_file(const fs::path& file, int level) {
    Component c;
    c.file = file;
    c.shown = file.lexically_normal().generic_string();
    c.level = level;
    if (!root_.empty() && !is_inside(file, root_)) {
      c.findings.push_back({"file-unreadable", Severity::error, {c.shown}, "is a link that leads out of the workspace",
                            "Put a copy of the file in its place."});
      return c;
    }
    auto result = read_source(file, c.shown);
    if (auto* finding = std::get_if<Finding>(&result)) {
      c.findings.push_back(std::move(*finding));
      return c;
    }
    Source source = std::move(std::get<Source>(result));
    source.module = file.stem().string();
    try {
      c.facts = session_.parse(source);
    } catch (const JobFailure& failure) {
      c.findings.push_back({failure.rule(), Severity::error, {c.shown}, std::string("the parser ") + failure.what() + " on this file",
                            "Write it in a simpler way."});
      return c;
    }
    for (Finding& finding : facts_findings(*c.facts)) {  // equal files share their facts, so the place is set here
      finding.where.file = c.shown;
      c.findings.push_back(std::move(finding));
    }
    if (c.findings.empty()) c.source = std::move(source);
    return c;
  }

  // Import name -> file, for the members of a folder: nearer levels first.
  std::map<std::string, std::size_t> importable(const Folder& own) const {
    std::map<std::string, std::size_t> names;
    auto add = [&](const Folder& folder) {
      for (std::size_t i : folder.members)
        if (all_[i].source) names.emplace(all_[i].source->module, i);
    };
    add(own);
    for (int level = own.level - 1; level >= 0; --level)
      for (const Folder& folder : folders_)
        if (folder.level == level) add(folder);
    return names;
  }

  void resolve(std::size_t at, const std::map<std::string, std::size_t>& names) {
    Component& c = all_[at];
    if (!c.source) return;
    std::set<std::string> siblings;
    for (const auto& [name, file] : names)
      if (name != c.source->module) siblings.insert(name);
    c.grammar = check_component_grammar(*c.facts, siblings);
    for (const std::string& child : c.grammar.children) direct_[at].push_back(names.at(child));
    for (Finding finding : c.grammar.findings) {
      if (finding.rule != "grammar-no-model") continue;  // without a class nothing can be run
      finding.where.file = c.shown;
      c.findings.push_back(std::move(finding));
    }
  }

  void follow_imports(std::size_t at) {
    std::set<std::size_t> seen;
    std::vector<std::size_t> open = direct_[at];
    while (!open.empty()) {
      const std::size_t next = open.back();
      open.pop_back();
      if (next == at || !seen.insert(next).second) continue;
      open.insert(open.end(), direct_[next].begin(), direct_[next].end());
    }
    Component& c = all_[at];
    c.imports.assign(seen.begin(), seen.end());
    std::set<std::string> imported;
    for (std::size_t i : c.imports) imported.insert(all_[i].source->module + " " + all_[i].source->sha256);
    std::string words = c.source->sha256;
    for (const std::string& word : imported) words += " " + word;
    c.digest = imported.empty() ? c.source->sha256 : sha256(words);
  }

  Session& session_;
  fs::path root_;
  std::vector<Component> all_;
  std::vector<Folder> folders_;
  std::vector<std::vector<std::size_t>> direct_;  // by file: what it imports itself
};

}  // namespace

std::vector<Component> read_components(Session& session, const fs::path& folder) {
  ComponentReader reader(session, folder);
  for (int level = 0; level < 4; ++level) reader.add_folder(folder / level_folders[level], level);
  const bool levels = !reader.empty();
  std::vector<fs::path> steps = folders_in(folder / "steps");
  steps.push_back(folder);
  for (const fs::path& step : steps) {
    reader.add_folder(step / "children", -1);
    if (!levels) reader.add_original(step / "original.py");
  }
  return reader.finish();
}

std::vector<Component> read_component_files(Session& session, const std::vector<fs::path>& files) {
  ComponentReader reader(session, {});
  reader.add_files(files);
  return reader.finish();
}

SideFile side_file(const Component& component) { return {&*component.source, component.grammar.dropped}; }

std::vector<SideFile> imported_files(const std::vector<Component>& components, const Component& component) {
  std::vector<SideFile> files;
  for (std::size_t i : component.imports) files.push_back(side_file(components[i]));
  return files;
}

}  // namespace decomp
