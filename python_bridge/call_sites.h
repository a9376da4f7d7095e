#pragma once
// Which line of which judged file calls the operator that is about to run.

#include <Python.h>

#include <string>
#include <vector>

namespace decomp::bridge {

struct CallSite {
  int file = -1;  // place in the list; -1: no frame is of any of those files
  int line = 0;
};

class CallSites {
 public:
  // `files`: as their code objects name them.
  explicit CallSites(std::vector<std::string> files) : files_(std::move(files)) {}

  // Of the innermost frame of one of the files. Takes the interpreter's lock, which torch gives up around operators.
  CallSite current();

 private:
  int file_of(PyCodeObject* code) const;

  std::vector<std::string> files_;
};

}  // namespace decomp::bridge
