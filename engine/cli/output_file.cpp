#include "cli/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/error.h"
#include "core/schema.h"

namespace fs = std::filesystem;

namespace decomp {
void write_aside(const fs::path& file, const std::string& text) {
  fs::path aside = file;
  aside += "." + std::to_string(::getpid()) + ".part";
  std::error_code error;
  // The folder may be an agent's: a link that lies in wait at this name must not be followed.
  ::unlink(aside.c_str());
  const int fd = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) error = std::error_code(errno, std::generic_category());
  for (std::size_t done = 0; !error && done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) error = std::error_code(errno, std::generic_category());
    done += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  if (fd >= 0) ::close(fd);
  if (!error) fs::rename(aside, file, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(aside, ignored);
  throw Error(ErrorKind::infrastructure, "cannot write " + file.string() + ": " + error.message());
}

void require_writable_place(const std::string& flag, const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw Error(ErrorKind::usage, flag + ": there is no folder " + folder.string());
  if (fs::is_directory(file, ignored)) throw Error(ErrorKind::usage, flag + ": " + file.string() + " is a folder; name a file in it");
  if (::access(folder.c_str(), W_OK) != 0) throw Error(ErrorKind::usage, flag + ": " + folder.string() + " cannot be written to");
}

void write_document(const fs::path& file, const std::string& schema, const Json& document) {
  const std::string text = document.dump(2, ' ', false, Json::error_handler_t::replace);
  // What is judged is the text: what a reader will see.
  const auto parsed = parse_json(text);
  const auto* read = std::get_if<Json>(&parsed);
  const auto why = read != nullptr ? schema_violation(schema, *read) : std::get<JsonError>(parsed).message;
  if (why)
    throw Error(ErrorKind::infrastructure,
                "internal error: the result does not fit its own schema (" + *why + "); nothing was written to " + file.string());
  write_aside(file, text + "\n");
}

fs::path report_place(const fs::path& decomposition, const std::string& name) {
  const fs::path folder = decomposition / "verification";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(ErrorKind::usage, folder.string() + " cannot be made: " + error.message() + "; name another place with --output");
  require_writable_place(folder.string(), folder / name);
  return folder / name;
}

}  // namespace decomp
