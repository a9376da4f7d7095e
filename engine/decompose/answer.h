#pragma once
// What the generator answers, held against what a decomposition may be. It ran beside the model's own code: nothing of it is
// trusted before it was looked at here, and no claim of it before it was checked.

#include <map>
#include <string>
#include <variant>

#include "core/json.h"

namespace decomp {

struct GeneratedFiles {
  std::map<std::string, std::string> texts;  // path below the decomposition's folder -> text
  Json summary;  // counts for people; by_step and gaps for ways.h
};

// The files, or what is wrong with the answer: a path that leads elsewhere, text that is no UTF-8, too much of it.
std::variant<GeneratedFiles, std::string> read_answer(const Json& answer);

}  // namespace decomp
