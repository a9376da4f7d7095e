#include "cli/agent/workspace.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "core/error.h"
#include "core/memfd.h"

namespace fs = std::filesystem;

namespace decomp::agent {
namespace {

constexpr int most_files = 2000;  // of one step

[[noreturn]] void fail(const fs::path& file) { throw Error(ErrorKind::infrastructure, "cannot write " + file.string() + ": " + std::strerror(errno)); }

// The plain files below a folder, relative to it, links left out.
std::vector<std::string> plain_files(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end && files.size() < most_files; it.increment(error)) {
    std::error_code ignored;
    if (it->symlink_status(ignored).type() == fs::file_type::regular) files.push_back(it->path().lexically_relative(folder).generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_plain_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::symlink_status(folder, ignored).type() == fs::file_type::directory;
}

// root/relative, made where it lacks; what is no folder in its place is removed.
UniqueFd open_folder(const fs::path& root, const fs::path& relative) {
  UniqueFd folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) fail(root);
  for (const fs::path& part : relative) {
    if (::mkdirat(folder.get(), part.c_str(), 0777) != 0 && errno != EEXIST) fail(root / relative);
    UniqueFd next(::openat(folder.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) {  // a link or a file in a folder's place
      if (::unlinkat(folder.get(), part.c_str(), 0) != 0 || ::mkdirat(folder.get(), part.c_str(), 0777) != 0) fail(root / relative);
      next = UniqueFd(::openat(folder.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!next) fail(root / relative);
    }
    folder = std::move(next);
  }
  return folder;
}

}  // namespace

void make_plain_folder(const fs::path& root, const std::string& relative) { open_folder(root, relative); }

void write_into(const fs::path& root, const std::string& relative, const std::string& text) {
  const fs::path path(relative);
  const UniqueFd folder = open_folder(root, path.parent_path());
  const std::string name = path.filename().string(), aside = "." + name + ".part";
  ::unlinkat(folder.get(), aside.c_str(), 0);
  UniqueFd file(::openat(folder.get(), aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file) fail(root / relative);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(file.get(), text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(root / relative);
    done += static_cast<std::size_t>(n);
  }
  if (::renameat(folder.get(), aside.c_str(), folder.get(), name.c_str()) != 0) fail(root / relative);
}

bool read_plain(const fs::path& file, std::string& text, std::size_t most) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || static_cast<std::size_t>(status.st_size) > most) return false;
  text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  for (ssize_t n; done < text.size() && (n = ::read(fd.get(), text.data() + done, text.size() - done)) > 0;) done += static_cast<std::size_t>(n);
  text.resize(done);
  return true;
}

void Accepted::keep(const fs::path& step) const {
  const fs::path place = store_ / step.filename();
  std::error_code ignored;
  fs::remove_all(place, ignored);
  fs::create_directories(place, ignored);
  for (const std::string& file : plain_files(step)) {
    std::string text;
    if (read_plain(step / file, text)) write_into(place, file, text);
  }
}

std::vector<std::string> Accepted::restore(const fs::path& workspace) const {
  std::vector<std::string> back;
  std::error_code error;
  std::set<std::string> originals;  // of the steps that are there
  for (fs::directory_iterator it(workspace / "steps", error), end; !error && it != end; it.increment(error)) {
    std::string text;
    if (is_plain_folder(it->path()) && read_plain(it->path() / "original.py", text)) originals.insert(text);
  }
  error.clear();
  for (fs::directory_iterator it(store_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const fs::path step = workspace / "steps" / name;
    std::string original;
    read_plain(it->path() / "original.py", original);
    std::string there;
    if (!read_plain(step / "original.py", there) && originals.count(original) != 0) continue;
    for (const std::string& file : plain_files(it->path())) {
      std::string text;
      if (read_plain(step / file, text) || !read_plain(it->path() / file, text)) continue;
      write_into(workspace, "steps/" + name + "/" + file, text);
      back.push_back("steps/" + name + "/" + file);
    }
  }
  std::sort(back.begin(), back.end());
  return back;
}

}  // namespace decomp::agent
