#pragma once
// What decomp itself writes into a folder that an agent could change at will, and what it keeps of that folder. Links are never
// followed: the agent may have left one where a file is expected.

#include <filesystem>
#include <string>
#include <vector>

namespace decomp::agent {

// Writes root/relative; folders on the way are made, and whatever else stands there is removed. Throws Error(infrastructure).
void write_into(const std::filesystem::path& root, const std::string& relative, const std::string& text);

// Makes root/relative a folder that is no link. Throws Error(infrastructure).
void make_plain_folder(const std::filesystem::path& root, const std::string& relative);

// A regular file's bytes, nothing for anything else or for more than `most` bytes.
bool read_plain(const std::filesystem::path& file, std::string& text, std::size_t most = 16u << 20);

// Copies of accepted steps, by the step's name.
class Accepted {
 public:
  explicit Accepted(std::filesystem::path store) : store_(std::move(store)) {}
  // Keeps the step's files as they are now.
  void keep(const std::filesystem::path& step) const;
  // Puts back the files that are gone of accepted steps, unless another step of the workspace has the same original: then the step
  // was moved. Returns what was put back.
  std::vector<std::string> restore(const std::filesystem::path& workspace) const;

 private:
  std::filesystem::path store_;
};

}  // namespace decomp::agent
