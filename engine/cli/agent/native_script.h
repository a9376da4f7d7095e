#pragma once
// How a decomposition keeps its native model: a script that binds it to `original`, and the files that the script imports.

#include <map>
#include <string>

#include "pipeline/native_model.h"

namespace decomp::agent {

// Path below steps/step_0_preparation/ -> text: verify_wrapper.py, and, of a model of local files, native/ with each file that it
// imports, directly or through others. Throws Error(usage) for a file that cannot be read.
std::map<std::string, std::string> native_files(const NativeModel& native);

}  // namespace decomp::agent
