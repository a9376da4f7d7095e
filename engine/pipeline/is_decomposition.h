#pragma once

#include <filesystem>

namespace decomp {

// True for a folder with steps/, level_0_kernel/ or decomposition_tree.json (workspace.cpp).
bool is_decomposition(const std::filesystem::path& folder);

}  // namespace decomp
