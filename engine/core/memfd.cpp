#include "core/memfd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace decomp {

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

UniqueFd create_memfd(const std::string& name, std::uint64_t bytes) {
  UniqueFd fd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) throw Error(ErrorKind::infrastructure, "memfd_create failed: " + std::string(std::strerror(errno)));
  if (::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
    throw Error(ErrorKind::infrastructure,
                "cannot size a memory file to " + std::to_string(bytes) + " bytes: " + std::strerror(errno));
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0)
    throw Error(ErrorKind::infrastructure, "cannot seal a memory file: " + std::string(std::strerror(errno)));
  return fd;
}

// The kernel answers EBUSY while somebody maps it for writing, and for a moment also where it only looks at a page itself.
bool seal_against_writing(int fd) {
  for (int tries = 0; tries < 5; ++tries) {
    if (::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0) return true;
    if (errno != EBUSY) return false;
    ::usleep(20'000);
  }
  return false;
}

}  // namespace decomp
