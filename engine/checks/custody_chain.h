#pragma once
// Custody between the steps of one decomposition (RULES §1, §5, §6): every step takes apart the source model or a
// component that an accepted step made; every component above the kernels has its step; the level folders hold what the
// steps made.

#include <optional>
#include <string>
#include <vector>

#include "checks/custody.h"
#include "decomp/finding.h"

namespace decomp {

// One component file. `form` is null where the file could not be read or parsed, which is a finding elsewhere.
struct CustodyFile {
  std::string shown;  // path as shown to people
  std::string name;   // without ".py"
  const CodeForm* form = nullptr;
  int level = -1;  // 0 to 3 for a file of a level folder
};

struct CustodyStep {
  enum Verdict { passed, failed, undecided };
  std::string shown;
  Verdict verdict = failed;
  CustodyFile original;
  std::vector<CustodyFile> children;
};

struct CustodyCase {
  std::optional<CustodyFile> source;  // without it only the level folders are judged
  std::vector<CustodyStep> steps;
  std::vector<CustodyFile> levels;  // empty: there are no level folders
};

struct CustodyVerdict {
  std::vector<std::vector<Finding>> steps;  // one list per step
  std::vector<bool> undecided;              // one per step: passed, but rests on a step that nobody could judge
  std::vector<Finding> others;              // about files that belong to no step
};

// Of some files the one that is most like `wanted`, and where it departs from that ("class Model: it has ..."), at its own line.
// Nothing where none is like it at all.
struct NearestFile {
  const CustodyFile* file = nullptr;
  Location where;
  std::string departs;
};
NearestFile nearest_file(const CustodyFile& wanted, const std::vector<CustodyFile>& files);

CustodyVerdict judge_custody_chain(const CustodyCase& custody);

}  // namespace decomp
