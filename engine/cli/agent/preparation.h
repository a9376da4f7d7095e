#pragma once
// Phase 0 of a loop: a model of several files, or of a package, becomes one file that is proved to be it. It is held against the native
// model that the command line names, never against what the workspace says of that.

#include <filesystem>
#include <string>

#include "cli/agent/loop.h"
#include "pipeline/native_model.h"

namespace decomp::agent {

class Preparation {
 public:
  // `named`: as native_model() takes it; `root`: the workspace, `beside`: the loop's own folder. Throws Error(usage).
  Preparation(const std::string& named, const LoopSettings& settings, std::filesystem::path root, std::filesystem::path beside);

  std::string digest() const;                   // of what was named, and its configuration
  std::string place() const;                    // level_3_model/NAME.py: where the one file belongs
  std::filesystem::path source() const;         // the accepted file, out of the agent's reach; there once one was accepted
  std::string prompt() const;                   // what the agent is told

  // steps/step_0_preparation/: how `check` builds the native model, with the author's files that it needs. Written anew where an agent
  // changed it.
  void write_own_files() const;

  // Lets `decomp wrap` write the file: from --inputs, else from the model's own get_inputs(). False where it has neither or what was
  // made is not proved; then `findings` says why, and what was made lies at place() for the agent to mend.
  bool wrap(const CommonOptions& options, std::string& findings) const;

  // What lies at place(). Accepted where it passes and can be taken apart.
  Report judge(const CommonOptions& options) const;

 private:
  bool accept(const std::string& text, Report& report, const CommonOptions& options) const;

  std::string name_;
  NativeModel native_;
  std::string inputs_;
  std::filesystem::path root_, beside_;
};

}  // namespace decomp::agent
