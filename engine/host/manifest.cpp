#include "host/manifest.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "core/digest.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr std::uintmax_t most_bytes = 64u << 20;
constexpr std::size_t most_files = 10000;

std::optional<std::string> content_of(const fs::path& file, std::uintmax_t most) {
  std::error_code error;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > most || error) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return std::nullopt;
  return text.str();
}

std::string file_digest(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return "";
  const auto content = content_of(file, most_bytes);
  return content ? sha256(*content) : "unreadable";
}

// Files of a folder by relative path, each with a line that says what it is; nothing where Manifest::add_folder refuses.
std::optional<std::string> folder_digest(const fs::path& folder, std::map<std::string, std::string>& files) {
  std::map<std::string, std::string> lines;
  std::uintmax_t bytes = 0;
  std::function<bool(const fs::path&)> walk = [&](const fs::path& below) {
    std::error_code error;
    for (fs::directory_iterator it(below, error), end; it != end; it.increment(error)) {
      if (error) return false;
      const std::string name = it->path().filename().string();
      const std::string relative = it->path().lexically_relative(folder).generic_string();
      const fs::file_status itself = it->symlink_status(error), leads_to = it->status(error);
      if (lines.size() > most_files) return false;
      if (fs::is_directory(itself)) {
        if (name[0] == '.' || name == "__pycache__") continue;
        lines[relative] = "folder";
        if (!walk(it->path())) return false;
        continue;
      }
      const bool link = fs::is_symlink(itself);
      if (link && !fs::exists(leads_to)) {
        lines[relative] = "link to nothing";
        continue;
      }
      if (!fs::is_regular_file(leads_to)) return false;
      const auto content = content_of(it->path(), most_bytes - bytes);
      if (!content) return false;
      bytes += content->size();
      const std::string digest = sha256(*content);
      // A rule asks where a link leads.
      lines[relative] = digest + (link ? " link " + fs::weakly_canonical(it->path(), error).string() : "");
      files[fs::weakly_canonical(it->path(), error).string()] = digest;
    }
    return !error;
  };
  if (!walk(folder)) return std::nullopt;
  std::string all;
  for (const auto& [path, what] : lines) all += path + '\0' + what + '\n';
  return sha256(all);
}

// Times of change cannot be set by whom a file belongs to.
void add_stat(int folder, const char* name, const std::string& shown, std::string& all) {
  struct stat info {};
  if (::fstatat(folder, name, &info, 0) != 0) return;
  all += shown;
  for (const std::int64_t number : {static_cast<std::int64_t>(info.st_ino), static_cast<std::int64_t>(info.st_size), static_cast<std::int64_t>(info.st_mtim.tv_sec),
                                    static_cast<std::int64_t>(info.st_mtim.tv_nsec), static_cast<std::int64_t>(info.st_ctim.tv_sec),
                                    static_cast<std::int64_t>(info.st_ctim.tv_nsec)})
    all += ' ' + std::to_string(number);
  all += '\n';
}

using Wanted = bool (*)(const std::string& name);

void add_stats(const fs::path& folder, const std::string& shown, Wanted wanted, bool below, std::map<std::string, std::string>& all) {
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) return;
  while (const dirent* entry = ::readdir(open)) {
    const std::string name = entry->d_name;
    if (name[0] == '.' || name == "__pycache__") continue;
    const std::string path = shown + "/" + name;
    if (entry->d_type == DT_DIR && below && name != "include")
      add_stats(folder / name, path, wanted, below, all);
    else if (wanted(name))
      add_stat(::dirfd(open), entry->d_name, path, all[path]);
  }
  ::closedir(open);
}

bool is_code(const std::string& name) {
  return name.ends_with(".py") || name.ends_with(".so") || name.find(".so.") != std::string::npos || name.ends_with(".pth");
}
bool is_package(const std::string& name) { return name.ends_with(".dist-info") || name.ends_with(".pth") || is_code(name); }

}  // namespace

std::string python_digest(const fs::path& torch_folder, const fs::path& library_folder) {
  if (torch_folder.empty() || library_folder.empty()) return "";
  std::map<std::string, std::string> stats;
  add_stats(torch_folder, "torch", is_code, true, stats);
  add_stats(torch_folder.parent_path(), "packages", is_package, false, stats);
  add_stats(library_folder, "library", is_code, false, stats);
  if (stats.empty()) return "";
  std::string all;
  for (const auto& [path, line] : stats) all += line;
  return sha256(all);
}

std::string program_digest(const fs::path& binary) {
  std::string all = file_digest(binary);
  for (const char* library : {"libdecomp.so", "libdecomp_worker.so"})
    for (const fs::path& folder : {binary.parent_path().parent_path() / "lib", binary.parent_path()}) all += " " + file_digest(folder / library);
  return sha256(all);
}

bool Manifest::add_folder(const fs::path& folder) {
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error) return false;
  const auto digest = folder_digest(real, files_);
  if (!digest) return false;
  folders_[real.string()] = *digest;
  return true;
}

bool Manifest::add_reads(const std::map<std::string, std::string>& reads) {
  for (const auto& [path, digest] : reads) {
    const auto known = files_.find(path);
    if (known != files_.end() && known->second != digest) return false;
    if (known == files_.end()) elsewhere_[path] = digest;
  }
  return true;
}

void Manifest::add_python(const fs::path& torch_folder, const fs::path& library_folder) {
  python_ = {{"torch", torch_folder.string()}, {"library", library_folder.string()}, {"digest", python_digest(torch_folder, library_folder)}};
}

Json Manifest::json() const { return {{"folders", folders_}, {"files", elsewhere_}, {"python", python_}}; }

bool Manifest::holds(const Json& manifest) {
  const Json& python = manifest.at("python");
  const std::string digest = python.at("digest");
  if (digest.empty() || python_digest(python.at("torch").get<std::string>(), python.at("library").get<std::string>()) != digest) return false;
  for (const auto& [path, held] : manifest.at("files").items())
    if (file_digest(path) != held.get<std::string>()) return false;
  std::map<std::string, std::string> files;
  for (const auto& [path, held] : manifest.at("folders").items())
    if (folder_digest(path, files) != held.get<std::string>()) return false;
  return true;
}

}  // namespace decomp
