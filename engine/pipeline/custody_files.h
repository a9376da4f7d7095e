#pragma once
// The component files of one decomposition, each read and parsed once, and its source model.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks/custody_chain.h"
#include "core/source.h"
#include "pipeline/session.h"
#include "pipeline/workspace.h"

namespace decomp {

// Normal forms by digest; they live as long as this.
class CodeForms {
 public:
  explicit CodeForms(Session& session) : session_(session) {}

  // Of a file that this call has parsed before; null otherwise.
  const CodeForm* known(const std::string& sha256);
  // Of any file. Null where it cannot be read or parsed: then `findings` says why. Throws Error(infrastructure).
  const CodeForm* read(const std::filesystem::path& file, const std::string& shown, const std::filesystem::path& root,
                       std::vector<Finding>& findings);

 private:
  const CodeForm* form_of(const std::string& sha256, std::shared_ptr<const Facts> facts);

  struct Known {
    std::shared_ptr<const Facts> facts;  // what the form refers to
    CodeForm form;
  };
  Session& session_;
  std::map<std::string, Known> forms_;
};

// The files of level_0_kernel/ to level_3_model/ in order of level and name.
std::vector<CustodyFile> read_level_folders(CodeForms& forms, const DecompositionFolder& folder,
                                            std::vector<Finding>& findings);

// The file that is taken for the source model, by what read_source_model() does: `named`, or what decomposition_tree.json names, or
// the highest level's. Nothing where there is none.
std::optional<std::filesystem::path> find_source_file(const DecompositionFolder& folder, const std::filesystem::path& named);

// The source model: `named`, else metadata.source_file of decomposition_tree.json, looked for in the decomposition's
// folder and all folders above it, else the file in the highest level folder. What is doubtful about it goes into
// `findings`.
std::optional<CustodyFile> read_source_model(CodeForms& forms, const DecompositionFolder& folder,
                                             const std::filesystem::path& named, const std::vector<CustodyFile>& levels,
                                             std::vector<Finding>& findings);

// The original and the children of a step as they were judged, or, where its run ended early, as they lie there now.
CustodyStep read_step(CodeForms& forms, const StepFiles& files, const StepReport& report);

}  // namespace decomp
