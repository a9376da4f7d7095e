#pragma once
// A name that a judged file binds by loading another file, and that decomp's own finder binds in its stead.

#include <array>
#include <string>
#include <vector>

namespace decomp {

struct LoadedName {
  // maker: called without arguments it is Model(*get_init_inputs()). shelf: what a loop goes through. chooser: by values of loop
  // variables one of these.
  enum Gives { module, model, maker, shelf, chooser };
  std::string name;
  std::string kernel;  // import name of the file; of a shelf and a chooser JSON, as python_bridge/build.py reads it
  Gives gives = module;
  // Expressions of the source in whose place the name stands: line and column (bytes, from 1) of their begin and end. Empty where
  // statements bind the name; those are left out.
  std::vector<std::array<int, 4>> places = {};
};

}  // namespace decomp
