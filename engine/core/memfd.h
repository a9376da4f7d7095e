#pragma once
// Anonymous memory files: how tensors and weights travel between processes (DESIGN §4).

#include <cstdint>
#include <string>
#include <utility>

namespace decomp {

// Owns a descriptor.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~UniqueFd() { reset(); }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A memory file of exactly `bytes` zero bytes that can neither grow nor shrink. Throws Error(infrastructure).
UniqueFd create_memfd(const std::string& name, std::uint64_t bytes);

// Forbids every later write. False when somebody still maps the file writably.
bool seal_against_writing(int fd);

}  // namespace decomp
