#include "host/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "core/memfd.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr std::string_view magic = "decomp-cache-1\n";
constexpr std::size_t seal_length = 64;
constexpr std::size_t largest_entry = 256u << 20;
constexpr std::uintmax_t largest_folder = 512u << 20;

fs::path home_folder(const char* variable, const char* below_home) {
  if (const char* named = std::getenv(variable); named != nullptr && named[0] == '/') return named;
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? fs::path(home) / below_home : fs::path();
}

// Made by and for this user alone.
bool private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directories(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
  struct stat info {};
  return ::stat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & 022) == 0;
}

std::optional<std::string> read_private(const fs::path& file, std::size_t most) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 022) != 0 ||
      static_cast<std::size_t>(info.st_size) > most)
    return std::nullopt;
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t filled = 0;
  for (ssize_t got; filled < bytes.size() && (got = ::read(fd.get(), bytes.data() + filled, bytes.size() - filled)) > 0;)
    filled += static_cast<std::size_t>(got);
  if (filled != bytes.size()) return std::nullopt;
  return bytes;
}

bool write_new(const fs::path& file, std::initializer_list<std::string_view> parts) {
  UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd.get() < 0) return false;
  for (std::string_view part : parts)
    while (!part.empty()) {
      const ssize_t done = ::write(fd.get(), part.data(), part.size());
      if (done <= 0) return false;
      part.remove_prefix(static_cast<std::size_t>(done));
    }
  return true;
}

// A folder that somebody named may hold other things, too.
bool is_entry(const fs::path& file) {
  const std::string folder = file.parent_path().filename().string(), name = file.filename().string();
  const auto hex = [](const std::string& text) { return text.find_first_not_of("0123456789abcdef") == std::string::npos; };
  return folder.size() == 2 && name.size() >= 62 && hex(folder) && hex(name.substr(0, 62));
}

fs::path aside(const fs::path& file) { return file.string() + "." + std::to_string(::getpid()) + "." + sha256(random_bytes(8)).substr(0, 8); }

// Linked into place, so that of two processes that make one at the same time both take the first.
std::optional<std::string> secret_in(const fs::path& folder) {
  if (!private_folder(folder)) return std::nullopt;
  const fs::path file = folder / "cache_secret";
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(file, ignored))) {
    const fs::path made = aside(file);
    if (write_new(made, {random_bytes(32)}) && ::link(made.c_str(), file.c_str()) != 0) ignored.clear();  // somebody was quicker
    fs::remove(made, ignored);
  }
  auto secret = read_private(file, 64);
  if (!secret || secret->size() != 32) return std::nullopt;
  return secret;
}

}  // namespace

fs::path default_cache_folder() {
  if (const char* named = std::getenv("DECOMP_CACHE_DIR"); named != nullptr && named[0] == '/') return named;
  const fs::path folder = home_folder("XDG_CACHE_HOME", ".cache");
  return folder.empty() ? folder : folder / "decomp";
}

std::optional<ContentCache> ContentCache::open(const fs::path& folder) {
  try {
    const fs::path state = home_folder("XDG_STATE_HOME", ".local/state");
    if (folder.empty() || state.empty() || !private_folder(folder)) return std::nullopt;
    const auto secret = secret_in(state / "decomp");
    if (!secret) return std::nullopt;
    return ContentCache(folder, *secret);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

fs::path ContentCache::place(const std::string& name) const {
  const std::string digest = sha256(name);
  return folder_ / digest.substr(0, 2) / digest.substr(2);
}

std::string ContentCache::seal(const std::string& name, std::string_view content) const {
  return hmac_sha256(secret_, sha256(name) + sha256(content));
}

std::optional<std::string> ContentCache::get(const std::string& name) const {
  try {
    const fs::path file = place(name);
    auto bytes = read_private(file, largest_entry);
    if (!bytes || bytes->size() < magic.size() + seal_length || bytes->compare(0, magic.size(), magic) != 0) return std::nullopt;
    const std::string claimed = bytes->substr(magic.size(), seal_length);
    bytes->erase(0, magic.size() + seal_length);
    if (claimed != seal(name, *bytes)) return std::nullopt;
    ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);  // used now
    return bytes;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void ContentCache::put(const std::string& name, std::string_view content) const {
  if (content.size() > largest_entry - magic.size() - seal_length) return;
  try {
    const fs::path file = place(name);
    if (!private_folder(file.parent_path())) return;
    const fs::path made = aside(file);
    std::error_code error;
    if (write_new(made, {magic, seal(name, content), content})) fs::rename(made, file, error);
    fs::remove(made, error);
    if (static_cast<unsigned char>(random_bytes(1)[0]) % 16 == 0) prune();
  } catch (const std::exception&) {  // a verdict is not worth less for not being kept
  }
}

void ContentCache::prune() const {
  struct Entry {
    fs::file_time_type used;
    std::uintmax_t bytes;
    fs::path path;
  };
  std::vector<Entry> entries;
  std::uintmax_t total = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    if (!it->is_regular_file(gone) || !is_entry(it->path())) continue;
    entries.push_back({it->last_write_time(gone), it->file_size(gone), it->path()});
    if (!gone) total += entries.back().bytes;
  }
  if (total <= largest_folder) return;
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (total <= largest_folder / 2) return;
    fs::remove(entry.path, error);
    total -= std::min(total, entry.bytes);
  }
}

}  // namespace decomp
