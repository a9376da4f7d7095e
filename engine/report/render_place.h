#pragma once
// What the renderers for people and for agents share: places and judged text, as one line of a terminal may hold them.

#include <string>
#include <string_view>

#include "decomp/finding.h"

namespace decomp {

// Control characters become \x1b and the like, a tab a blank.
std::string printable_text(std::string_view text);

// "refactored.py:20:3", "refactored.py"
std::string place_text(const Location& where);

}  // namespace decomp
