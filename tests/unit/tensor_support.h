#pragma once
// Tensors for tests: a tensor file under construction, and values made from it through the wire form.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/json.h"
#include "tensor/dtype.h"
#include "tensor/value.h"

namespace decomp::test {

// A memory file with `bytes`, sealed as a job's reply is.
inline std::shared_ptr<MappedFile> mapped(const std::string& bytes,
                                          int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) {
  const int fd = ::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      ::fcntl(fd, F_ADD_SEALS, seals) != 0)
    throw std::runtime_error("cannot make a memory file");
  try {
    auto file = MappedFile::map(fd);
    ::close(fd);
    return file;
  } catch (...) {
    ::close(fd);
    throw;
  }
}

// Collects tensors; `file()` maps what was collected so far.
class TensorFile {
 public:
  Json add(const std::string& dtype, const std::vector<std::int64_t>& shape, const std::string& bytes) {
    bytes_.resize((bytes_.size() + 63) / 64 * 64);
    const Json node = {
        {"k", "tensor"}, {"dtype", dtype}, {"shape", shape}, {"offset", bytes_.size()}, {"nbytes", bytes.size()}};
    bytes_ += bytes;
    return node;
  }
  std::shared_ptr<MappedFile> file() const { return mapped(bytes_); }

 private:
  std::string bytes_;
};

// Numbers as the bytes of a dtype; complex dtypes take two numbers per element.
inline std::string encode(const std::string& dtype, const std::vector<double>& numbers) {
  std::string bytes;
  visit_components(dtype_from_name(dtype), [&]<typename T>(std::type_identity<T>, int) {
    for (const double number : numbers) {
      T value{};
      if constexpr (std::is_same_v<T, BoolByte>)
        value.byte = number != 0;
      else if constexpr (std::is_integral_v<T>)
        value = static_cast<T>(number);
      else
        value = from_double<T>(number);
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  });
  return bytes;
}

template <typename T>
std::string raw(const std::vector<T>& items) {
  return {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T)};
}

inline Value tensor(const std::string& dtype, const std::vector<std::int64_t>& shape, const std::string& bytes) {
  TensorFile file;
  const Json node = file.add(dtype, shape, bytes);
  return decode_value(node, file.file());
}

// One dimension, from numbers.
inline Value numbers(const std::string& dtype, const std::vector<double>& values) {
  const bool complex = dtype.rfind("complex", 0) == 0;
  return tensor(dtype, {static_cast<std::int64_t>(values.size()) / (complex ? 2 : 1)}, encode(dtype, values));
}

}  // namespace decomp::test
