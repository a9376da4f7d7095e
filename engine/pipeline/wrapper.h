#pragma once
// Phase 0: is a self-contained file the native model? (RULES has the numbers: DESIGN §3, tolerances; §3, trials.)

#include <filesystem>
#include <optional>
#include <string>

#include "decomp/report.h"
#include "pipeline/native_model.h"
#include "pipeline/session.h"

namespace decomp {

struct WrapperFiles {
  std::string shown;  // what the report is about
  NativeModel native;
  std::filesystem::path wrapper;
  std::optional<std::string> text = {};  // in the place of what `wrapper` holds
  bool same_operations = false;  // the wrapper is to stand for the native file: same operations, inputs and constructor values
};

// Runs both in processes of their own: the native one may read its folder and the packages, the wrapper torch alone. Weights go
// over by name, common prefix, path and order of use; outputs are compared name by name, else in order.
StepReport verify_wrapper(Session& session, const WrapperFiles& files);

}  // namespace decomp
