#pragma once
// Settings files: decomp.toml, and [tool.decomp] of pyproject.toml.

#include <CLI/CLI.hpp>

#include <filesystem>
#include <vector>

#include "cli/check_options.h"
#include "decomp/finding.h"

namespace decomp {

// Fills what no flag of `app` set from the nearest settings file in `start` and the folders above it. A file inside of what is
// judged was written by the one who is judged: it is not used, which is a finding (file-settings). `steps`: the folders of
// the steps. Throws Error(usage) for a file that is no TOML, holds an unknown key or a value of the wrong kind.
std::vector<Finding> read_settings(CommonOptions& options, const CLI::App& app, const std::filesystem::path& start,
                                   const std::vector<std::filesystem::path>& steps);

}  // namespace decomp
