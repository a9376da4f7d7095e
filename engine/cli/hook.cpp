// decomp hook FILE...: what pre-commit calls. Checks the decompositions and lone steps that the files belong to, and those whose source
// model they are; each once in one run of pre-commit, however it splits the list.

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/cached_check.h"
#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "core/error.h"
#include "core/json.h"
#include "core/source.h"
#include "pipeline/is_decomposition.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// The folder to check for this file: its decomposition, else its lone step; "" for neither.
fs::path judged_folder(const fs::path& file) {
  fs::path step;
  for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
    const fs::path shown = folder.empty() ? fs::path(".") : folder;
    if (is_decomposition(shown)) return shown;
    if (step.empty() && is_step(shown)) step = shown;
    if (folder.empty() || folder == folder.parent_path()) return step;
  }
}

// Decompositions of this repository by the source model that their tree names, as far as git knows them.
std::vector<std::pair<fs::path, fs::path>> source_models() {
  std::vector<std::pair<fs::path, fs::path>> models;  // source model, decomposition
  FILE* git = ::popen("git ls-files -z -- '*decomposition_tree.json' 2>/dev/null", "r");
  if (git == nullptr) return models;
  std::string list;
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), git)) > 0;) list.append(buffer.data(), n);
  ::pclose(git);
  for (std::size_t at = 0, end; (end = list.find('\0', at)) != std::string::npos; at = end + 1) {
    const fs::path tree = list.substr(at, end - at);
    if (tree.filename() != "decomposition_tree.json") continue;
    const auto source = read_source(tree, tree.string(), 64u << 20);
    const auto* read = std::get_if<Source>(&source);
    const auto parsed = parse_json(read != nullptr ? read->bytes : "");
    const Json* json = std::get_if<Json>(&parsed);
    const Json::json_pointer name("/metadata/source_file");
    if (json == nullptr || !json->contains(name) || !json->at(name).is_string()) continue;
    const fs::path root = tree.has_parent_path() ? tree.parent_path() : fs::path(".");
    std::error_code error;
    for (fs::path folder = fs::weakly_canonical(root, error);; folder = folder.parent_path()) {
      const fs::path model = folder / json->at(name).get<std::string>();
      if (fs::is_regular_file(model, error)) {
        models.emplace_back(fs::weakly_canonical(model, error), root);
        break;
      }
      if (folder == folder.parent_path()) break;
    }
  }
  return models;
}

// What one run of pre-commit has checked already: it calls once for each part of a long list of files. Keyed by the process that
// called and when it began, outside the repository.
class CheckedInThisRun {
 public:
  CheckedInThisRun() {
    const std::string parent = std::to_string(::getppid());
    std::ifstream stat("/proc/" + parent + "/stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    // The 22nd field, counted behind the name in parentheses, which may hold spaces.
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string began, field;
    for (int i = 3; i <= 22 && fields >> field; ++i) began = field;
    const fs::path folder = fs::temp_directory_path() / ("decomp-hook-" + std::to_string(::getuid()));
    ::mkdir(folder.c_str(), 0700);
    struct stat owner = {};
    if (::lstat(folder.c_str(), &owner) != 0 || !S_ISDIR(owner.st_mode) || owner.st_uid != ::getuid()) return;
    forget_old(folder);
    fd_ = ::open((folder / (parent + "-" + began)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd_ < 0) return;
    ::flock(fd_, LOCK_EX);  // a second part of the list waits, then finds what this one did
    std::string known;
    std::array<char, 4096> buffer{};
    for (ssize_t n; (n = ::read(fd_, buffer.data(), buffer.size())) > 0;) known.append(buffer.data(), static_cast<std::size_t>(n));
    for (std::size_t at = 0, end; (end = known.find('\0', at)) != std::string::npos; at = end + 1) checked_.insert(known.substr(at, end - at));
  }
  ~CheckedInThisRun() {
    if (fd_ >= 0) ::close(fd_);
  }
  CheckedInThisRun(const CheckedInThisRun&) = delete;
  CheckedInThisRun& operator=(const CheckedInThisRun&) = delete;

  // True the first time.
  bool take(const fs::path& folder) {
    std::error_code error;
    const std::string name = fs::weakly_canonical(folder, error).string();
    if (!checked_.insert(name).second) return false;
    if (fd_ >= 0 && ::write(fd_, name.c_str(), name.size() + 1) < 0) return true;
    return true;
  }

 private:
  static void forget_old(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      std::error_code ignored;
      if (!fs::exists("/proc/" + name.substr(0, name.find('-')), ignored)) fs::remove(it->path(), ignored);
    }
  }

  int fd_ = -1;
  std::set<std::string> checked_;
};

}  // namespace

int cmd_hook(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app("For pre-commit: checks the decompositions and steps that the named files belong to, each once. Writes nothing.", "decomp hook");
  std::vector<std::string> files;
  CommonOptions options;
  app.add_option("FILE", files, "Changed files, relative to the repository's root");
  options.add_to(app);
  options.add_cache_to(app);
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  std::set<fs::path> folders;
  std::vector<fs::path> outside;
  for (const std::string& file : files) {
    if (const fs::path folder = judged_folder(fs::path(file).lexically_normal()); !folder.empty())
      folders.insert(folder);
    else if (fs::path(file).extension() == ".py")
      outside.push_back(file);
  }
  if (!outside.empty())
    for (const auto& [model, decomposition] : source_models())
      for (const fs::path& file : outside) {
        std::error_code error;
        if (fs::weakly_canonical(file, error) == model) folders.insert(decomposition);
      }
  if (folders.empty()) return 0;
  CheckedInThisRun run;
  StepsRequest request;
  request.whole = true;
  std::vector<fs::path> judged;
  for (const fs::path& folder : folders) {
    if (!run.take(folder)) continue;
    judged.push_back(folder);
    try {
      for (StepFiles& step : find_steps(folder)) request.steps.push_back(std::move(step));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::nothing) throw;
      for (DecompositionFolder& lone : find_decompositions(folder)) request.without_steps.push_back(std::move(lone));
    }
  }
  if (request.steps.empty() && request.without_steps.empty()) return 0;
  const fs::path start = request.steps.empty() ? request.without_steps[0].root : request.steps[0].root;
  std::vector<Finding> settings = options.complete(app, start, request.steps);
  request.interrupted = interrupt_flag();
  show_progress(options, request.steps.size());
  choose_cache(options, judged);
  Report report = cached_report(judged, options.check, [&](ReadFiles* reads) {
    request.reads = reads;
    return load_and_run(request, options.check);
  });
  report.findings.insert(report.findings.end(), settings.begin(), settings.end());
  apply_strict(report, options);
  return interrupted_or(finish(report, options, out));
}

}  // namespace decomp
