#pragma once
// Paths as text, for the files that loader functions name: joined and cut as pathlib and os.path do it.

#include <optional>
#include <string>
#include <vector>

#include "checks/loader_values.h"

namespace decomp {

// Stands for any text in a name of a file: no literal of a file can spell it.
inline constexpr char any_text = '\x08';

// The folder of the judged file. Its parts are of control characters, so that no literal of a file can spell them.
std::string unspeakable_folder();

std::string joined_path(const std::string& left, const std::string& right);
std::string all_joined(const std::vector<LoadValue>& parts);
std::string folder_of(const std::string& path);
std::string last_part(const std::string& path);
std::string stem_of(const std::string& file);
// The file as one would import it: "children.x" below the judged file's folder, "level_0_kernel.x" below the folder above; "" for
// every other file.
std::string module_of_path(const std::string& path, const std::string& here);
// "x", "children.x", "level_0_kernel.x"
bool is_import_name(const std::string& name);

// What a method of str returns; nothing for methods that are not followed.
std::optional<std::string> text_method(const std::string& text, const std::string& method, const std::vector<LoadValue>& arguments);

}  // namespace decomp
