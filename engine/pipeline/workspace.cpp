#include "pipeline/workspace.h"

#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "pipeline/is_decomposition.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr int max_depth = 12;

bool skipped(const std::string& name) { return name.empty() || name[0] == '.' || name == "__pycache__" || name == "children"; }

// Links and "." resolved.
fs::path true_path(const fs::path& folder) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(folder, error);
  return error ? folder : path;
}

void collect(const fs::path& folder, const std::string& shown, int depth, std::vector<StepFiles>& out) {
  if (is_step(folder)) {
    out.push_back(step_in(folder, shown));
    return;
  }
  if (depth == 0) return;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && !it->is_symlink(ignored) && !skipped(it->path().filename().string()))
      names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end(), natural_less);
  const fs::path itself = true_path(folder);
  const bool is_steps = itself.filename() == "steps";
  const std::size_t first = out.size();
  for (const std::string& name : names) {
    // A folder of steps/ that holds neither file is a broken step, not nothing. Phase 0 is judged by verify-wrapper.
    if (is_steps && !is_step(folder / name) && name.rfind("step_0", 0) != 0) {
      out.push_back(step_in(folder / name, shown + "/" + name));
      continue;
    }
    collect(folder / name, shown + "/" + name, depth - 1, out);
  }
  if (!is_steps) return;
  std::string above = (fs::path(shown) / "..").lexically_normal().generic_string();
  if (above.size() > 1 && above.back() == '/') above.pop_back();
  for (std::size_t i = first; i < out.size(); ++i)
    if (!out[i].decomposition) out[i].decomposition = DecompositionFolder{itself.parent_path(), above};
}

}  // namespace

bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      std::size_t x = i, y = j;
      while (x < a.size() && a[x] == '0') ++x;
      while (y < b.size() && b[y] == '0') ++y;
      std::size_t xe = x, ye = y;
      while (xe < a.size() && digit(a[xe])) ++xe;
      while (ye < b.size() && digit(b[ye])) ++ye;
      if (xe - x != ye - y) return xe - x < ye - y;
      int order = a.compare(x, xe - x, b, y, ye - y);
      if (order != 0) return order < 0;
      i = xe;
      j = ye;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

std::vector<fs::path> python_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".py" && it->path().filename() != "__init__.py") files.push_back(it->path());
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return natural_less(a.filename().string(), b.filename().string()); });
  return files;
}

bool is_step(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "original.py", ignored) || fs::exists(folder / "refactored.py", ignored);
}

StepFiles step_in(const fs::path& folder, const std::string& shown) {
  StepFiles files{shown, folder, folder / "original.py", folder / "refactored.py", folder / "children", std::nullopt, std::nullopt};
  std::error_code ignored;
  if (fs::exists(folder / "weight_map.json", ignored)) files.weight_map = folder / "weight_map.json";
  return files;
}

std::vector<StepFiles> find_steps(const fs::path& path) {
  std::error_code error;
  std::string shown = path.lexically_normal().string();
  if (shown.size() > 1 && shown.back() == '/') shown.pop_back();
  auto status = fs::status(path, error);
  if (!fs::exists(status)) throw Error(ErrorKind::usage, shown + " does not exist");
  if (fs::is_regular_file(status)) {
    std::string folder = path.parent_path().empty() ? "." : path.parent_path().string();
    throw Error(ErrorKind::usage, shown + " is a file; give the folder of a step or of a decomposition, such as " + folder +
                                      ", or use: decomp verify-step --original F --refactored F");
  }
  if (!fs::is_directory(status)) throw Error(ErrorKind::usage, shown + " is no folder");
  std::vector<StepFiles> steps;
  collect(path, shown, max_depth, steps);
  if (steps.empty())
    throw Error(ErrorKind::nothing, "there is no step below " + shown +
                                        ": a step is a folder with original.py, refactored.py and children/");
  return steps;
}

bool is_decomposition(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "steps", ignored) || fs::is_directory(folder / level_folders[0], ignored) ||
         fs::exists(folder / "decomposition_tree.json", ignored);
}

namespace {

// Returns whether there is a decomposition at or below `folder`.
bool collect_decompositions(const fs::path& folder, const std::string& shown, int depth, std::vector<DecompositionFolder>& out, std::vector<std::string>* others) {
  if (is_decomposition(folder)) {
    out.push_back({true_path(folder), shown});
    return true;
  }
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; depth > 0 && !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && !it->is_symlink(ignored) && !skipped(it->path().filename().string()))
      names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end(), natural_less);
  bool any = false;
  std::vector<std::string> without;
  for (const std::string& name : names)
    any = collect_decompositions(folder / name, shown + "/" + name, depth - 1, out, &without) || any;
  if (others != nullptr) {
    if (any)
      others->insert(others->end(), without.begin(), without.end());
    else
      others->push_back(shown);
  }
  return any;
}

}  // namespace

std::vector<DecompositionFolder> find_decompositions(const fs::path& path, std::vector<std::string>* others) {
  std::string shown = path.lexically_normal().string();
  if (shown.size() > 1 && shown.back() == '/') shown.pop_back();
  std::error_code error;
  if (!fs::is_directory(path, error)) throw Error(ErrorKind::usage, shown + (fs::exists(path, error) ? " is no folder" : " does not exist"));
  std::vector<DecompositionFolder> found;
  collect_decompositions(path, shown, max_depth, found, others);
  return found;
}

DecompositionFolder decomposition_of(const fs::path& path, const std::vector<StepFiles>& steps) {
  std::optional<DecompositionFolder> folder;
  for (const StepFiles& step : steps) {
    if (!step.decomposition)
      throw Error(ErrorKind::usage, path.string() + " is no decomposition: " + step.shown + " lies in no folder `steps`; use: decomp check " + path.string());
    if (!folder) folder = step.decomposition;
    if (folder->root != step.decomposition->root)
      throw Error(ErrorKind::usage, path.string() + " holds several decompositions, " + steps[0].decomposition->shown + " and " +
                                        step.decomposition->shown + " among them; name one, or use: decomp check " + path.string());
  }
  return *folder;
}

StepFiles step_from_files(const fs::path& original, const fs::path& refactored, const std::optional<fs::path>& weight_map) {
  for (const auto& [file, flag] : {std::pair{&original, "--original"}, {&refactored, "--refactored"}})
    if (!fs::is_regular_file(*file)) throw Error(ErrorKind::usage, std::string(flag) + ": there is no file " + file->string());
  if (weight_map && !fs::is_regular_file(*weight_map))
    throw Error(ErrorKind::usage, "--weight-map: there is no file " + weight_map->string());
  fs::path folder = refactored.parent_path();
  StepFiles step = step_in(folder, folder.lexically_normal().generic_string());
  step.original = original;
  step.refactored = refactored;
  if (weight_map) step.weight_map = weight_map;
  return step;
}

}  // namespace decomp
