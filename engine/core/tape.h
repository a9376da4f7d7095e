#pragma once
// The native op tape of one run, as the worker's dispatcher callbacks wrote it (python_bridge/tape.h says the wire form).

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"

namespace decomp {

// One tensor that an operator read or made.
struct TapeRef {
  std::int64_t id = -1;  // value: a storage at one version; -1 unknown
  std::vector<std::int64_t> shape;
  std::string dtype;
  int weight = -1;  // index in the model's description, -1 for other tensors
  bool has_print = false;
  std::array<double, 4> print{};  // projection 0, its scale, projection 1, its scale
  std::int64_t nonfinite = 0;     // NaN and infinities in the sample

  std::int64_t numel() const;
};

struct TapeEntry {
  std::string op;  // "aten::linear"
  int call = -1;  // place in Tape::calls of the innermost call that was running; -1 outside
  int instance = -1;  // index in the description's module list
  std::vector<TapeRef> in;
  std::vector<std::string> args;  // scalar arguments, "dim=-1"
  std::vector<TapeRef> out;
  std::vector<std::string> inner;  // operators that this one called
  int file = -1;  // where its call was looked for: place in the list of files, and the line; -1: not, or not there
  int line = 0;
};

struct Tape {
  std::vector<TapeEntry> entries;
  std::vector<int> calls;  // module instances in call order
  std::vector<int> parents;  // of each call the one that it was made in, -1 outside; empty where nobody asked
  std::vector<std::int64_t> inputs;   // value ids of the inputs, in order
  std::vector<std::int64_t> outputs;  // value ids of the returned tensors
  bool balanced = false;              // every module that was entered was left
  std::int64_t threads = 0;           // operators seen on other threads
};

// Hostile input: every field is checked. Throws std::invalid_argument with what is wrong.
Tape decode_tape(const Json& node);

// Do two fingerprints agree, relative to the size of what was summed? `tolerance` is relative (1e-4: a float32 result).
bool same_print(const TapeRef& a, const TapeRef& b, double tolerance);

// All zeros say nothing about how they were made; such a value is not informative. Nor is one without a fingerprint.
bool informative(const TapeRef& ref);

// By entry: does its result reach a returned tensor, or Python (item, is_nonzero)? A product that is zero throughout carries
// nothing on.
std::vector<bool> live_entries(const Tape& tape);

// Classes of operators, from rules/ops.json.
enum class OpClass { compute, plumbing, arithmetic, identity };
OpClass op_class(const std::string& op);
// The same with what the call was given: an index_put that accumulates computes, a `where` of a mask alone only lists places.
OpClass op_class(const TapeEntry& entry);

// One spelling per operator (rules/equivalences.json, "names"): "aten::bmm" -> "matmul".
std::string canonical_operation(const std::string& op);

// "aten::add_" and "aten::add" are one operation: the canonical name without namespace and in-place mark.
std::string op_base_name(const std::string& op);

}  // namespace decomp
