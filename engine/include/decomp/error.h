#pragma once
// Error: the machine or the installation is broken, or the command line is wrong.
// A bad workspace is never an Error; it is a Finding.

#include <stdexcept>
#include <string>

namespace decomp {

enum class ErrorKind {
  usage,           // exit 2
  infrastructure,  // exit 3: could not decide, retryable
  nothing,         // exit 4: nothing to check
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace decomp
