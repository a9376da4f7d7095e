#include "pipeline/custody_files.h"

#include <algorithm>

#include "core/error.h"
#include "core/json.h"
#include "core/read_log.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// What decomposition_tree.json says about the source.
struct TreeNames {
  std::string problem;      // why there is no source_file; "" when there is one
  std::string source_file;  // metadata.source_file
  std::string root_path;    // nodes.root.path
};

TreeNames read_tree(const DecompositionFolder& folder) {
  TreeNames names;
  const std::string shown = folder.shown + "/decomposition_tree.json";
  const fs::path file = folder.root / "decomposition_tree.json";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    names.problem = "there is no decomposition_tree.json";
    return names;
  }
  const auto source = read_source(file, shown, 64u << 20, folder.root);
  if (const auto* finding = std::get_if<Finding>(&source)) {
    names.problem = "decomposition_tree.json cannot be used: " + finding->message;
    return names;
  }
  const auto parsed = parse_json(std::get<Source>(source).bytes);
  if (const auto* error = std::get_if<JsonError>(&parsed)) {
    names.problem =
        "decomposition_tree.json is no JSON (line " + std::to_string(error->line) + ": " + error->message + ")";
    return names;
  }
  const Json& tree = std::get<Json>(parsed);
  const auto text = [&tree](const std::string& pointer) {
    const Json::json_pointer at(pointer);
    return tree.contains(at) && tree.at(at).is_string() ? tree.at(at).get<std::string>() : std::string();
  };
  names.source_file = text("/metadata/source_file");
  names.root_path = text("/nodes/root/path");
  if (names.source_file.empty()) names.problem = "decomposition_tree.json has no metadata.source_file";
  return names;
}

fs::path find_upwards(const fs::path& start, const std::string& name) {
  std::error_code ignored;
  for (fs::path folder = start;; folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / name, ignored)) return folder / name;
    ReadLog::note_absent(folder / name);
    if (folder == folder.parent_path()) return {};
  }
}

bool is_inside(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path relative = fs::weakly_canonical(file, error).lexically_relative(folder);
  return !error && !relative.empty() && *relative.begin() != "..";
}

// The file in the highest level folder; where there are several, the one that the tree calls its root.
const CustodyFile* highest(const std::vector<CustodyFile>& levels, const std::string& root_path) {
  if (levels.empty()) return nullptr;
  const int level = std::max_element(levels.begin(), levels.end(), [](const CustodyFile& a, const CustodyFile& b) {
                      return a.level < b.level;
                    })->level;
  const CustodyFile* found = nullptr;
  int count = 0;
  for (const CustodyFile& file : levels) {
    if (file.level != level) continue;
    if (fs::path(root_path).lexically_normal() == fs::path(level_folders[level]) / (file.name + ".py")) return &file;
    found = &file;
    ++count;
  }
  return count == 1 ? found : nullptr;
}

}  // namespace

const CodeForm* CodeForms::form_of(const std::string& sha256, std::shared_ptr<const Facts> facts) {
  auto [at, fresh] = forms_.try_emplace(sha256);
  if (fresh) {
    at->second = {facts, code_form(*facts)};
    at->second.form.identity = session_.component_identity(at->second.form.identity);
  }
  return &at->second.form;
}

const CodeForm* CodeForms::known(const std::string& sha256) {
  if (const auto found = forms_.find(sha256); found != forms_.end()) return &found->second.form;
  auto facts = session_.parsed(sha256);
  return facts ? form_of(sha256, std::move(facts)) : nullptr;
}

const CodeForm* CodeForms::read(const fs::path& file, const std::string& shown, const fs::path& root,
                                std::vector<Finding>& findings) {
  auto source = read_source(file, shown, 4u << 20, root);
  if (auto* finding = std::get_if<Finding>(&source)) {
    findings.push_back(std::move(*finding));
    return nullptr;
  }
  const Source& read = std::get<Source>(source);
  std::shared_ptr<const Facts> facts;
  try {
    facts = session_.parse(read);
  } catch (const JobFailure& failure) {
    findings.push_back({failure.rule(),
                        Severity::error,
                        {shown},
                        std::string("the parser ") + failure.what() + " on this file",
                        "Write it in a simpler way."});
    return nullptr;
  }
  for (Finding& finding : facts_findings(*facts)) {
    finding.where.file = shown;
    findings.push_back(std::move(finding));
  }
  return facts->module().is("Module") ? form_of(read.sha256, facts) : nullptr;
}

std::vector<CustodyFile> read_level_folders(CodeForms& forms, const DecompositionFolder& folder,
                                            std::vector<Finding>& findings) {
  std::vector<CustodyFile> files;
  for (int level = 0; level < 4; ++level)
    for (const fs::path& path : python_files(folder.root / level_folders[level])) {
      CustodyFile file{folder.shown + "/" + level_folders[level] + "/" + path.filename().string(), path.stem().string(),
                       nullptr, level};
      file.form = forms.read(path, file.shown, folder.root, findings);
      files.push_back(std::move(file));
    }
  return files;
}

std::optional<fs::path> find_source_file(const DecompositionFolder& folder, const fs::path& named) {
  if (!named.empty()) return named;
  const TreeNames tree = read_tree(folder);
  if (tree.problem.empty())
    if (const fs::path found = find_upwards(folder.root, tree.source_file); !found.empty()) return found;
  std::vector<CustodyFile> levels;
  for (int level = 0; level < 4; ++level)
    for (const fs::path& path : python_files(folder.root / level_folders[level])) levels.push_back({"", path.stem().string(), nullptr, level});
  const CustodyFile* file = highest(levels, tree.root_path);
  if (file == nullptr) return std::nullopt;
  return folder.root / level_folders[file->level] / (file->name + ".py");
}

// Phase 0 holds the file against the native model, and is judged as a step.
static bool has_preparation(const DecompositionFolder& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder.root / "steps", error), end; !error && it != end; it.increment(error))
    if (it->path().filename().string().rfind("step_0", 0) == 0 && !is_step(it->path())) return true;
  return false;
}

std::optional<CustodyFile> read_source_model(CodeForms& forms, const DecompositionFolder& folder, const fs::path& named,
                                             const std::vector<CustodyFile>& levels, std::vector<Finding>& findings) {
  const auto load = [&](const fs::path& path, std::vector<Finding>& problems) {
    CustodyFile file{path.lexically_normal().generic_string(), path.stem().string(), nullptr, -1};
    file.form = forms.read(path, file.shown, {}, problems);
    return file;
  };
  const std::string tree_shown = folder.shown + "/decomposition_tree.json";
  const std::string help = "Name the model that was decomposed: decomp check " + folder.shown + " --source FILE.";
  if (!named.empty()) {
    CustodyFile file = load(named, findings);
    if (!file.form) return std::nullopt;
    return file;
  }
  const TreeNames tree = read_tree(folder);
  std::string problem = tree.problem;
  if (problem.empty()) {
    const fs::path found = find_upwards(folder.root, tree.source_file);
    std::vector<Finding> problems;
    if (found.empty()) {
      problem =
          "metadata.source_file names " + tree.source_file + ", which is neither in this folder nor in one above it";
    } else if (CustodyFile file = load(found, problems); !file.form) {
      problem = "metadata.source_file names " + file.shown + ", which cannot be used: " + problems.front().message;
    } else if (!file.form->has_model) {
      problem = "metadata.source_file names " + file.shown + ", which has no class Model";
    } else {
      if (is_inside(found, folder.root) && !has_preparation(folder))
        findings.push_back({"custody-source-inside",
                            Severity::warning,
                            {tree_shown},
                            "metadata.source_file names " + tree.source_file +
                                ", a part of the decomposition itself: nothing outside says that it is the model",
                            help});
      return file;
    }
  }
  const CustodyFile* stand_in = highest(levels, tree.root_path);
  if (stand_in != nullptr && stand_in->form != nullptr) {
    findings.push_back(
        {"custody-source-not-found",
         Severity::warning,
         {tree_shown},
         problem + "; " + stand_in->shown + " is taken for the source model, and nothing says that it is",
         help});
    return *stand_in;
  }
  findings.push_back({"custody-source-not-found",
                      Severity::error,
                      {tree_shown},
                      problem + ", and no level folder shows the model, so what was decomposed is not known",
                      help});
  return std::nullopt;
}

CustodyStep read_step(CodeForms& forms, const StepFiles& files, const StepReport& report) {
  CustodyStep step;
  step.shown = files.shown;
  step.verdict = report.status == Status::pass          ? CustodyStep::passed
                 : report.status == Status::not_decided ? CustodyStep::undecided
                                                        : CustodyStep::failed;
  // What ran counts, not what lies there by now; a step that did not pass is only looked at to explain others.
  const auto form = [&](const fs::path& path, const std::string& shown) -> const CodeForm* {
    const auto digest = report.digests.find(shown);
    const CodeForm* known = digest == report.digests.end() ? nullptr : forms.known(digest->second);
    std::vector<Finding> said_by_the_step;
    return known || step.verdict == CustodyStep::passed ? known : forms.read(path, shown, files.root, said_by_the_step);
  };
  const std::string original = files.shown + "/original.py";
  step.original = {original, "original", form(files.original, original), -1};
  for (const fs::path& path : python_files(files.children)) {
    const std::string shown = files.shown + "/children/" + path.filename().string();
    step.children.push_back({shown, path.stem().string(), form(path, shown), -1});
  }
  return step;
}

}  // namespace decomp
