#pragma once
// Recorded runs of one component, written by hand.

#include <string>
#include <vector>

#include "checks/component_run.h"

namespace decomp::test {

using Dims = std::vector<std::int64_t>;

inline TapeRef tensor(const Dims& shape, const std::string& dtype = "float32", int weight = -1) {
  TapeRef ref;
  ref.shape = shape;
  ref.dtype = dtype;
  ref.weight = weight;
  return ref;
}

// One call of one operation. A parameter is a tensor whose weight is not -1; what it receives are the others.
inline ComponentRun run_of_one(const std::string& op, const std::vector<TapeRef>& in, const TapeRef& out, const std::vector<std::string>& args = {}) {
  ComponentRun run;
  run.instance = "part";
  run.calls = 1;
  run.recorded = true;
  TapeEntry entry;
  entry.op = "aten::" + op;
  entry.args = args;
  std::int64_t id = 1;
  for (TapeRef ref : in) {
    ref.id = id++;
    if (ref.weight >= 0)
      run.tensors.push_back({"p" + std::to_string(ref.weight), "parameter", ref.shape, ref.dtype});
    else
      run.inputs.push_back({ref.dtype, ref.shape});
    entry.in.push_back(ref);
  }
  entry.out = {out};
  entry.out[0].id = id;
  run.steady_inputs = run.inputs;
  run.outputs = {{out.dtype, out.shape}};
  run.operations = {entry};
  return run;
}

inline ComponentRun linear(std::int64_t in, std::int64_t out, bool bias = true, const std::string& dtype = "float32") {
  std::vector<TapeRef> refs = {tensor({2, in}, dtype), tensor({out, in}, dtype, 0)};
  if (bias) refs.push_back(tensor({out}, dtype, 1));
  return run_of_one("linear", refs, tensor({2, out}, dtype));
}

inline ComponentRun convolution(const Dims& weight, const std::string& stride, const std::string& padding, const std::string& groups) {
  return run_of_one("conv2d", {tensor({1, 8, 9, 9}), tensor(weight, "float32", 0), tensor({weight[0]}, "float32", 1)}, tensor({1, weight[0], 9, 9}),
                    {"stride=" + stride, "padding=" + padding, "dilation=[1, 1]", "groups=" + groups});
}

inline ComponentRun pointwise(const std::string& op, const Dims& shape, const std::vector<std::string>& args = {}, const std::string& dtype = "float32") {
  return run_of_one(op, {tensor(shape, dtype)}, tensor(shape, dtype), args);
}

inline ComponentRun product(const Dims& a, const Dims& b, const Dims& c) { return run_of_one("matmul", {tensor(a), tensor(b)}, tensor(c)); }

}  // namespace decomp::test
