#pragma once
// Tapes written by hand. A value is a label: the same label on two tapes is the same value, "0" is a value of zeros.

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "checks/conservation.h"
#include "core/tape.h"

namespace decomp::test {

using Names = std::vector<std::string>;
using Shape = std::vector<std::int64_t>;

// A fingerprint that depends on the label alone; `error` moves it by that part of its size.
inline TapeRef labelled(const std::string& label, const Shape& shape, const std::string& dtype = "float32",
                        double error = 0) {
  TapeRef ref;
  ref.shape = shape;
  ref.dtype = dtype;
  ref.has_print = true;
  if (label == "0") return ref;
  std::uint64_t hash = 14695981039346656037ull;  // FNV-1a
  for (char c : label) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  for (std::size_t p = 0; p < 4; p += 2) {
    ref.print[p + 1] = 10.0 + static_cast<double>(hash % 1000) / 100.0;
    hash = hash * 6364136223846793005ull + 1442695040888963407ull;
    ref.print[p] = static_cast<double>(hash >> 40) / 16777216.0 * 8.0 - 4.0 + error * ref.print[p + 1];
  }
  return ref;
}

// One operation: what it reads, what it makes. Shapes are [4] unless said otherwise.
struct Op {
  std::string name;  // without "aten::"
  Names in;
  Names out;
  Names args = {};
  Shape shape = {4};
  std::string dtype = "float32";
  bool view = false;  // a view keeps its value's number, as on a real tape
};

inline Op view_of(const std::string& name, const std::string& in, const std::string& out, const Shape& shape = {4}) {
  return {name, {in}, {out}, {}, shape, "float32", true};
}

// Writes one run. Values that no operation made are weights or inputs that were announced, or constants.
class Pen {
 public:
  Pen& input(const std::string& label, const Shape& shape = {4}) {
    tape_.inputs.push_back(make(label, shape, "float32").id);
    return *this;
  }
  Pen& weight(const std::string& label, int index, const Shape& shape = {4}) {
    make(label, shape, "float32");
    values_[label].weight = index;
    return *this;
  }
  // What follows runs in the module instance with this index of the list; -1: outside of every module.
  Pen& in(int instance) {
    instance_ = instance;
    tape_.calls.push_back(instance);
    tape_.parents.push_back(-1);
    return *this;
  }
  Pen& op(const Op& op) {
    TapeEntry entry;
    entry.op = op.name.find("::") == std::string::npos ? "aten::" + op.name : op.name;
    entry.instance = instance_;
    entry.call = static_cast<int>(tape_.calls.size()) - 1;
    entry.args = op.args;
    for (const std::string& label : op.in) {
      if (values_.count(label) == 0) make(label, {4}, "float32");
      entry.in.push_back(values_[label]);
    }
    for (const std::string& label : op.out) {
      std::int64_t id = op.view ? entry.in.at(0).id : next_++;
      entry.out.push_back(labelled(label, op.shape, op.dtype, error_));
      entry.out.back().id = id;
      values_[label] = entry.out.back();
    }
    tape_.entries.push_back(std::move(entry));
    return *this;
  }
  // From here on fingerprints differ by this part of their size from what the labels say.
  Pen& off_by(double error) {
    error_ = error;
    return *this;
  }
  Tape returns(const Names& labels) {
    tape_.balanced = true;
    for (const std::string& label : labels) tape_.outputs.push_back(values_.at(label).id);
    return std::move(tape_);
  }

 private:
  const TapeRef& make(const std::string& label, const Shape& shape, const std::string& dtype) {
    TapeRef ref = labelled(label, shape, dtype);
    ref.id = next_++;
    return values_[label] = ref;
  }

  Tape tape_;
  std::map<std::string, TapeRef> values_;
  std::int64_t next_ = 0;
  int instance_ = 0;
  double error_ = 0;
};

// Instance 0 is the model itself; 1 and 2 are the children `first` and `second`, each of a file of its own.
inline const std::vector<ModuleInstance> plain_model = {ModuleInstance{}};
inline const std::vector<ModuleInstance> two_children = {
    {},
    {.path = "first", .child = "first_file", .component = "first"},
    {.path = "second", .child = "second_file", .component = "second"}};

// The operations in order, all of them in `instance`; returns the last one's first result, or `result`.
inline Tape run_of(const std::vector<Op>& ops, int instance, const std::string& result = "") {
  Pen pen;
  pen.input("x").in(instance);
  for (const Op& op : ops) pen.op(op);
  return pen.returns({result.empty() ? ops.back().out.at(0) : result});
}

inline ConservationResult conserve(const std::vector<Op>& original, const std::vector<Op>& refactored, int instance = 1,
                                   const std::string& result = "") {
  return check_conservation(run_of(original, 0, result), run_of(refactored, instance, result), plain_model,
                            two_children);
}

inline Names rules_of(const std::vector<Finding>& findings) {
  Names names;
  for (const Finding& f : findings) {
    UNSCOPED_INFO(f.rule << ": " << f.message);
    names.push_back(f.rule);
  }
  return names;
}

inline Names rules_of(const ConservationResult& result) { return rules_of(result.findings); }

}  // namespace decomp::test
