#pragma once
// Kernels (L0) against what they ran (RULES §6): one logical operation each, and the one that the file's name says.

#include <map>
#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"
#include "decomp/finding.h"

namespace decomp {

// The level that a component's header declares ("Abstraction Level: kernel"), lower case; "" when it declares none.
std::string declared_level(std::string_view source);

// `levels`: import name of a child file -> declared level. Only kernels are judged; Finding::where.file is the import name.
// `better`: the names that decomp would give, for the messages. Rules level-kernel, name-untrue.
std::vector<Finding> check_kernels(const Tape& refactored, const std::vector<ModuleInstance>& modules,
                                   const std::map<std::string, std::string>& levels,
                                   const std::map<std::string, std::string>& better = {});

}  // namespace decomp
