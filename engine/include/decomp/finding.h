#pragma once
// Findings: every verdict of decomp is made of these values.

#include <string>
#include <string_view>
#include <vector>

namespace decomp {

enum class Severity { note, warning, error };

// A place in a workspace file. Lines and columns count from 1; 0 means "the whole file".
struct Location {
  std::string file;  // relative to the path that was checked
  int line = 0;
  int column = 0;
  int end_line = 0;
  int end_column = 0;  // one past the last character
};

struct Finding {
  std::string rule;  // id, a key of `decomp explain`
  Severity severity = Severity::error;
  Location where;
  std::string message;  // what is wrong, with the thing's own name and numbers
  std::string help;     // what to do
};

std::string_view to_string(Severity severity);

}  // namespace decomp
