#pragma once
// Where things are: steps, decompositions, and the files of one step.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace decomp {

// By level, from 0 to 3: the folders of a decomposition, and the levels' names in headers and trees.
inline constexpr const char* level_folders[] = {"level_0_kernel", "level_1_fusion", "level_2_layer", "level_3_model"};
inline constexpr const char* level_names[] = {"kernel", "fusion", "layer", "model"};

// The folder that holds steps/, level_*_*/ and decomposition_tree.json.
struct DecompositionFolder {
  std::filesystem::path root;
  std::string shown;  // as shown to people
};

// The files of one step. Existence is not checked here: a missing file is a finding of the step.
struct StepFiles {
  std::string shown;                      // path of the step as shown to people
  std::filesystem::path root;             // nothing outside is read
  std::filesystem::path original;
  std::filesystem::path refactored;
  std::filesystem::path children;         // folder
  std::optional<std::filesystem::path> weight_map;
  std::optional<DecompositionFolder> decomposition;  // set where all of its steps were found together
  // Of an earlier run that is repeated.
  struct Repeated {
    std::uint64_t entropy = 0;
    int threads = 1;
  };
  std::optional<Repeated> repeated = {};
  // Of a composition test: `original` is the source model, `refactored` the test, `children` level_0_kernel/.
  struct Composition {
    std::optional<std::string> text = {};  // in the place of what `refactored` holds
  };
  std::optional<Composition> composition = {};
};

// True for a folder with original.py or refactored.py.
bool is_step(const std::filesystem::path& folder);

StepFiles step_in(const std::filesystem::path& folder, const std::string& shown);

// The steps below `path`: a step, a decomposition (its steps/, in natural order: step_2 before step_10), or a tree of either.
// Throws Error(usage) for a path that does not exist or is a file, Error(nothing) when there is no step below it.
std::vector<StepFiles> find_steps(const std::filesystem::path& path);

// The decompositions at or below `path`: folders with steps/, level_0_kernel/ or decomposition_tree.json, in natural order; none lies in
// another. `others`: gets the folders on the way that hold nothing of the kind. Throws Error(usage) for a path that is no folder.
std::vector<DecompositionFolder> find_decompositions(const std::filesystem::path& path, std::vector<std::string>* others = nullptr);

// The one decomposition that all steps below `path` belong to. Throws Error(usage) where there is none, or more than one.
DecompositionFolder decomposition_of(const std::filesystem::path& path, const std::vector<StepFiles>& steps);

// The step made of the named files. Throws Error(usage) for one that does not exist.
StepFiles step_from_files(const std::filesystem::path& original, const std::filesystem::path& refactored,
                          const std::optional<std::filesystem::path>& weight_map);

// The component files of a folder: its .py files in natural order, without __init__.py.
std::vector<std::filesystem::path> python_files(const std::filesystem::path& folder);

// "step_2" < "step_10".
bool natural_less(const std::string& a, const std::string& b);

}  // namespace decomp
