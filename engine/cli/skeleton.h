#pragma once
// The files that a decomposition begins with.

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace decomp {

// The files by their path in the decomposition; a name that ends with "/" is a folder. `source_file`: what the tree says of the
// source; "": the path of `model` seen from `root`. Throws Error(usage) for a model that cannot be read.
std::vector<std::pair<std::string, std::string>> skeleton_files(const std::filesystem::path& root, const std::filesystem::path& model, const std::string& source_file = "");

// Makes the folders and templates in `root`, and, where `model` is not "", what follows from it: its copy in level_3_model/, the
// original of step 1, a tree of one node. Returns how many files were written. Throws Error(usage), with nothing written, when one of
// them is there.
std::size_t make_skeleton(const std::filesystem::path& root, const std::filesystem::path& model);

}  // namespace decomp
