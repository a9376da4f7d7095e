#pragma once
// Files that a command writes: checked against their own schema, written aside, then renamed, so that nobody ever reads half of one.

#include <filesystem>
#include <string>

#include "core/json.h"

namespace decomp {

// Said before anything runs, not after: `flag` names what the user gave. Throws Error(usage).
void require_writable_place(const std::string& flag, const std::filesystem::path& file);

// Throws Error(infrastructure) when it cannot; then nothing has changed.
void write_aside(const std::filesystem::path& file, const std::string& text);

// Throws Error(infrastructure), and nothing is written, when `document` does not fit schemas/<schema>.schema.json.
void write_document(const std::filesystem::path& file, const std::string& schema, const Json& document);

// verification/<name> of a decomposition's folder, which is made where it lacks. Throws Error(usage).
std::filesystem::path report_place(const std::filesystem::path& decomposition, const std::string& name);

}  // namespace decomp
