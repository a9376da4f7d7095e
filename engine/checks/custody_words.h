#pragma once
// One statement of a module as the words of its normal form, and the module's names that it mentions.

#include <set>
#include <string>
#include <vector>

#include "checks/custody.h"
#include "checks/custody_module.h"

namespace decomp {

struct StatementWords {
  std::vector<CodePiece> pieces;
  std::set<std::string> mentions;  // names that the module binds, other than imports that stand for what they name
};

StatementWords words_of(const ModuleNames& module, const Node& statement);

}  // namespace decomp
