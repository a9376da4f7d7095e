#pragma once
// What the original reads, the refactored model reads too: each input, each weight (RULES §3, §4). A value that no trial makes
// matter (full lengths, a permutation that a literal repeats) is otherwise free to be ignored.

#include <set>
#include <string>
#include <vector>

#include "core/tape.h"
#include "decomp/finding.h"

namespace decomp {

struct ReadNames {
  std::vector<std::string> original;                        // keys of the original's tensors, by tape index
  std::vector<std::string> refactored;                      // likewise
  std::vector<std::pair<std::string, std::string>> mapped;  // original key, refactored key
  std::set<std::string> nulled;                             // original keys that weight_map.json maps to null
};

std::vector<Finding> check_reads(const Tape& original, const Tape& refactored, const ReadNames& names);

}  // namespace decomp
