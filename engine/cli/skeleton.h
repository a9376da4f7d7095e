#pragma once
// The files that a decomposition begins with.

#include <cstddef>
#include <filesystem>

namespace decomp {

// Makes the folders and templates in `root`, and, where `model` is not "", what follows from it: its copy in level_3_model/, the
// original of step 1, a tree of one node. Returns how many files were written. Throws Error(usage), with nothing written, when one of
// them is there.
std::size_t make_skeleton(const std::filesystem::path& root, const std::filesystem::path& model);

}  // namespace decomp
