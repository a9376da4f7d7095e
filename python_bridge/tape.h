#pragma once
// The native op tape (DESIGN §4): the outermost ATen calls of one run, in order, written by the dispatcher's RecordFunction
// callbacks only. Python names neither operators nor modules here: an entry needs an operator schema (a handle), and the
// module instance comes from a stack that global forward hooks push and pop.
//
// One entry on the wire:
//   {"op":"aten::linear","at":3,"in":[ref...],"args":["dim=-1"],"out":[ref...],"inner":["aten::addmm"]}
// With TapeOptions::files also "l":[file, line]: the line of the innermost Python frame that is of one of those files.
// "c": the innermost module call that was running, a place in "calls"; absent outside.
// "at": index of the innermost module instance that was running (position in the description's module list), -1 outside.
// ref: {"i":5,"s":[2,3],"d":"float32"} and, when it is one of the registered weights, "w":7; outputs carry "f":[p0,a0,p1,a1]
// when fingerprints are on. A number that torch made a tensor of is in "in" and, with its value, in "args". "i" names a value: a storage at one version; an in-place write gives it a new number.
// Fingerprint: two seeded projections p_k = sum w_i x_i over a sample of at most 1024 elements taken in C-contiguous logical
// order, each with a_k = sum |w_i x_i| to scale a tolerance by. NaN and infinities are counted apart: "n": their number.

#include <ATen/core/Tensor.h>
#include <Python.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/json.h"

namespace decomp::bridge {

struct TapeOptions {
  bool fingerprints = true;
  std::uint64_t seed = 1;
  bool rows = false;  // fingerprints of whole tensors that do not depend on the order of the leading dimensions, in place of a sample's
  std::vector<std::string> files;  // as their code objects name them; empty: no lines, which cost a walk over the frames
};

class Tape {
 public:
  // Records from construction to finish() on this thread. `weights`: tensors known by index. Only one at a time.
  Tape(const TapeOptions& options, const std::vector<at::Tensor>& weights);
  ~Tape();

  // Called by the module hooks. `module` is identified by address; see set_modules.
  void push(PyObject* module);
  void pop(PyObject* module);
  void set_modules(const std::vector<PyObject*>& modules);

  // Entries so far.
  std::size_t size() const;

  // While paused, nothing is recorded: the bridge's own operations are no part of the run.
  void pause(bool paused);

  // Names the values of inputs before the run, so that their origin is known ("input").
  void register_input(const at::Tensor& tensor);

  // Stops recording. {"entries":[...], "balanced":bool, "calls":[instance indices in call order], "parents":[for each call the one it was made in, or -1], "threads":other threads' ops,
  //  "inputs":[value ids of registered inputs], "outputs":[value ids of `returned`, -1 when unknown]}
  Json finish(const std::vector<at::Tensor>& returned);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Watches construction: storages whose initialisation was left out, and whether an operator read one before it was filled.
class InitGuard {
 public:
  InitGuard();
  ~InitGuard();
  static void left_out(const at::Tensor& tensor);  // callable only while a guard lives
  bool was_read() const;                           // an operator read a left-out value: build again with initialisation
};

}  // namespace decomp::bridge
