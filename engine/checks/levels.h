#pragma once
// Levels (RULES §6): what a component's folder, its header, its parent and its own run say about it.

#include <string>
#include <vector>

#include "checks/component_run.h"
#include "decomp/finding.h"

namespace decomp {

// "kernel" for 0, ... "model" for 3; "" for others. And back; -1 for an unknown word.
std::string level_word(int level);
int level_number(const std::string& word);
std::string level_folder(int level);  // "level_0_kernel"

// A file of a level folder, or one in children/ whose component lies in a level folder (`folder_file`): folder and header agree.
// Rules level-mismatch, level-undeclared (a note).
std::vector<Finding> check_declared_level(const std::string& file, int folder, const std::string& header, const std::string& folder_file = "");

// A child lies below its parent. Levels that nothing says are -1. Rule level-order.
std::vector<Finding> check_level_order(const std::string& parent, int parent_level, const std::string& child, int child_level);

// What is declared a fusion, a layer or a model does more than one operation (level-single); what shape it has is advice
// (level-advice, a note).
std::vector<Finding> check_level_of_run(const std::string& file, int level, const ComponentRun& run);

// Is its one operation several for who takes it apart: an LSTM's, attention's, a contraction of three tensors?
bool stands_for_several(const ComponentRun& run);

// Is something added to what was computed from it?
bool has_residual(const ComponentRun& run);

}  // namespace decomp
