#pragma once
// Facts of Python text, made as the worker makes them: python_bridge/facts.py in a Python of its own.

#include <string>
#include <vector>

#include "core/facts.h"

namespace decomp {

// One Facts per source, named "0.py", "1.py", ... Fails the test case where Python does.
std::vector<Facts> python_facts(const std::vector<std::string>& sources);

}  // namespace decomp
