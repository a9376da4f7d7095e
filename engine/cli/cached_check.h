#pragma once
// `check` answered from what an earlier call found, without the worker and without torch; and what is kept for the next.

#include <filesystem>
#include <functional>
#include <vector>

#include "cli/check_options.h"
#include "pipeline/engine.h"

namespace decomp {

// Where --cache, $DECOMP_CACHE_DIR or the user's cache folder say; left empty with --no-cache and where
// $DECOMP_NO_CACHE is set. Throws Error(usage) for a named folder
// that lies in one of `judged`: who writes a workspace must not write the cache.
void choose_cache(CommonOptions& options, const std::vector<std::filesystem::path>& judged);

// The whole report of an earlier call on the same paths, if every file, option, program and the processor are the same; else what
// `judge` returns, which is kept where another call would find it, too. `judge` gets where to say which files were read.
Report cached_report(const std::vector<std::filesystem::path>& paths, const CheckOptions& options, const std::function<Report(ReadFiles*)>& judge);

}  // namespace decomp
