#pragma once
// What the generator of decompositions asks of native code: a tape of its recorded run, and the names of kernels that did a part
// of it. There is one namer, engine/checks/kernel_name.h.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "judged.h"

namespace decomp::bridge {

// One at a time. Its module has
//   begin(tensors)    starts the tape; `tensors`: the model's own
//   size()            entries so far
//   end()             stops it
//   kernel_name(text) text: JSON {"ranges": [[from, to], ...] of the tape, "tensors": [{"key", "kind", "shape", "dtype"}] that the
//                     kernel owns, "inputs", "outputs": [{"shape", "dtype"}], "present": the author's words for it}; the name
class RecordedNames {
 public:
  RecordedNames();
  ~RecordedNames();
  RecordedNames(const RecordedNames&) = delete;
  RecordedNames& operator=(const RecordedNames&) = delete;

  PyObject* module() const { return module_.get(); }

 private:
  PyRef module_;
};

}  // namespace decomp::bridge
