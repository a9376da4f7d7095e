#pragma once
// The component files below one folder, each read and parsed once, with what it imports.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks/grammar.h"
#include "core/facts.h"
#include "core/source.h"
#include "pipeline/model_side.h"
#include "pipeline/session.h"

namespace decomp {

struct Component {
  std::string shown;             // as shown to people
  std::filesystem::path file;
  int level = -1;                // 0 to 3 by its level folder; -1: a file of a children/ folder
  bool original = false;         // a step's original.py, which stands for the model where there are no level folders; not tested
  bool repeated = false;         // a child that has the bytes of an earlier file, imports included
  std::optional<Source> source;  // absent where `findings` say why it cannot be read or parsed
  std::shared_ptr<const Facts> facts;
  GrammarResult grammar;             // what it imports and what never runs of it; to judge its findings is up to `check`
  std::vector<std::size_t> imports;  // the component files that it imports, itself or through others: places in the list
  std::string digest;                // SHA-256 over the file and its imports; "" without a source
  std::vector<Finding> findings;
};

// The .py files of the level folders, of steps/*/children/ and of children/ below `folder`, in this order, and originals. A level file may import
// files of its own and of lower levels, a child its siblings. Throws Error(infrastructure).
std::vector<Component> read_components(Session& session, const std::filesystem::path& folder);

// These files alone; each may import the others of its folder.
std::vector<Component> read_component_files(Session& session, const std::vector<std::filesystem::path>& files);

// What a job is served for a component: its own file, and those that it imports. Both need a source.
SideFile side_file(const Component& component);
std::vector<SideFile> imported_files(const std::vector<Component>& components, const Component& component);

}  // namespace decomp
