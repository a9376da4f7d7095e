#pragma once
// What a kept verdict rests on: folders, single files, and the installation that made it. It counts as long as all of them hold.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"

namespace decomp {

class Manifest {
 public:
  // Adds a folder with all files below it, by path and content; folders named __pycache__ or with a dot in front are left out, as they
  // are where steps are looked for. False where that cannot be told or costs too much: links to folders, things that are no files, what
  // cannot be read, more than 64 MiB or 10000 files.
  bool add_folder(const std::filesystem::path& folder);

  // What a ReadLog noted: true where every file in the folders held what it holds in this manifest; files elsewhere are added.
  bool add_reads(const std::map<std::string, std::string>& reads);

  // Python and torch, by the names, sizes, inodes and times (of change too, which nobody can set) of their files.
  void add_python(const std::filesystem::path& torch_folder, const std::filesystem::path& library_folder);

  Json json() const;
  // Whether all is as it was when that manifest was written.
  static bool holds(const Json& manifest);

 private:
  std::map<std::string, std::string> folders_, elsewhere_, python_;
  std::map<std::string, std::string> files_;  // in the folders: canonical path -> SHA-256
};

// Which decomp this is: a digest of the binary and of the libraries that it loads. Rules and schemas are in them.
std::string program_digest(const std::filesystem::path& binary);

// Of one Python's torch (folder of the package) and its library; "" where that cannot be told.
std::string python_digest(const std::filesystem::path& torch_folder, const std::filesystem::path& library_folder);

}  // namespace decomp
