#include "core/source.h"

#include "core/digest.h"
#include "core/read_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace decomp {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Finding unreadable(const std::string& shown, std::string why, std::string help) {
  return {"file-unreadable", Severity::error, {shown}, "cannot read " + shown + ": " + std::move(why), std::move(help)};
}

bool is_inside(const fs::path& file, const fs::path& folder) {
  const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end == folder.end() || (std::next(end) == folder.end() && end->empty());
}

// The length of the well-formed UTF-8 sequence at the start of `s` (Unicode 15, table 3-7), 0 when there is none.
std::size_t utf8_length(std::string_view s) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0; };
  const auto in = [](unsigned c, unsigned low, unsigned high) { return low <= c && c <= high; };
  const unsigned a = byte(0);
  if (a < 0x80) return 1;
  if (in(a, 0xC2, 0xDF)) return in(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (in(a, 0xE0, 0xEF)) {
    const unsigned low = a == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = a == 0xED ? 0x9F : 0xBF;
    return in(byte(1), low, high) && in(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (in(a, 0xF0, 0xF4)) {
    const unsigned low = a == 0xF0 ? 0x90 : 0x80;
    const unsigned high = a == 0xF4 ? 0x8F : 0xBF;
    return in(byte(1), low, high) && in(byte(2), 0x80, 0xBF) && in(byte(3), 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::size_t first_bad_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = utf8_length(bytes.substr(i, 4));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool is_utf8(std::string_view bytes) { return first_bad_utf8(bytes) == std::string_view::npos; }

std::string_view source_line(std::string_view bytes, int number) {
  std::size_t start = 0;
  for (int line = 1; start <= bytes.size(); ++line) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", start), bytes.size());
    if (line == number) return bytes.substr(start, end - start);
    if (end == bytes.size()) break;
    start = end + (bytes.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return {};
}

std::string module_name(const fs::path& file) {
  static constexpr std::array keywords = {
      "False", "None",   "True",    "and",    "as",   "assert", "async",  "await",    "break", "class", "continue", "def",
      "del",   "elif",   "else",    "except", "for",  "finally", "from",  "global",   "if",    "import", "in",      "is",
      "lambda", "nonlocal", "not",  "or",     "pass", "raise",  "return", "try",      "while", "with",  "yield"};
  if (file.extension() != ".py") return "";
  const std::string stem = file.stem().string();
  const bool identifier =
      !stem.empty() && !(stem[0] >= '0' && stem[0] <= '9') && std::all_of(stem.begin(), stem.end(), [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
      });
  if (!identifier || stem == "__init__" || std::find(keywords.begin(), keywords.end(), stem) != keywords.end()) return "";
  return stem;
}

std::variant<Source, Finding> read_source(const fs::path& file, const std::string& shown, std::size_t max_bytes,
                                          const fs::path& root) {
  // O_NONBLOCK: opening a pipe or a device must not hang.
  const Descriptor fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (fd.get() < 0) {
    const int code = errno;
    if (code == ENOENT) ReadLog::note_absent(file);
    return unreadable(shown, std::strerror(code),
                      code == ENOENT ? "create the file, or correct the path" : "make it readable for this user");
  }
  struct stat info {};
  if (fstat(fd.get(), &info) != 0) return unreadable(shown, std::strerror(errno), "make it readable for this user");
  if (!S_ISREG(info.st_mode)) return unreadable(shown, "it is not a regular file", "put a regular file in its place");
  if (!root.empty()) {
    // Asked of the descriptor, so that the answer is about the bytes that are read.
    std::error_code failed;
    const fs::path real = fs::read_symlink("/proc/self/fd/" + std::to_string(fd.get()), failed);
    const fs::path folder = failed ? fs::path() : fs::canonical(root, failed);
    if (failed || !is_inside(real, folder))
      return unreadable(shown, "it is a link that leads out of the workspace", "copy the file into the workspace");
  }
  const auto too_large = [&](std::uintmax_t size) {
    return unreadable(shown, "it has " + std::to_string(size) + " bytes, more than the limit of " + std::to_string(max_bytes),
                      "split the file; a component holds code, not data");
  };
  if (static_cast<std::uintmax_t>(info.st_size) > max_bytes) return too_large(info.st_size);

  Source source;
  source.path = shown;
  source.module = module_name(file);
  source.bytes.resize(static_cast<std::size_t>(info.st_size) + 1);
  std::size_t filled = 0;
  for (;;) {
    if (filled == source.bytes.size()) {
      if (filled > max_bytes) return too_large(filled);
      source.bytes.resize(2 * filled);
    }
    const ssize_t got = read(fd.get(), source.bytes.data() + filled, source.bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(shown, std::strerror(errno), "make it readable for this user");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  source.bytes.resize(filled);
  if (filled > max_bytes) return too_large(filled);

  if (const std::size_t bad = first_bad_utf8(source.bytes); bad != std::string::npos) {
    const std::string_view before(source.bytes.data(), bad);
    const int line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const int column = 1 + static_cast<int>(bad - line_start);
    constexpr char hex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(source.bytes[bad]);
    return Finding{"file-not-utf8", Severity::error, {shown, line, column, line, column + 1},
                   shown + " is not UTF-8: byte 0x" + hex[byte >> 4] + hex[byte & 15] + " at offset " + std::to_string(bad),
                   "save the file as UTF-8"};
  }
  source.sha256 = sha256(source.bytes);
  ReadLog::note(file, source.sha256);
  return source;
}

}  // namespace decomp
