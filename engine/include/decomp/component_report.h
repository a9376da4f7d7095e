#pragma once
// What the tests of one component file found: its own run_tests(), and decomp's test of it.

#include <map>
#include <string>
#include <vector>

#include "decomp/finding.h"

namespace decomp {

enum class Status;  // decomp/report.h

struct ComponentReport {
  std::string path;   // as shown to people
  std::string level;  // "kernel", "fusion", "layer", "model", as folder or header says; "" when neither does
  Status status{};
  std::string self_test;  // what its run_tests() did: "passed", "failed", "no verdict", "absent", "raised", "ended"
  std::string printed;    // the beginning of what that printed; it proves nothing
  std::vector<std::string> inputs;   // of decomp's test, the tensors in order: "float32 [2, 64, 256]"
  std::vector<std::string> outputs;
  std::vector<Finding> findings;
  std::string sandbox;  // level reached
  std::string digest;   // SHA-256 of the file and of all that it imports
  double seconds = 0;
};

}  // namespace decomp
