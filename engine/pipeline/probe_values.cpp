// Values that the trials could not hold: those that the original treats apart, zeros, negative and large numbers.

#include <ATen/Functions.h>

#include <cstdlib>

#include "pipeline/probe_runs.h"

namespace decomp {
namespace {

class Values {
 public:
  explicit Values(ProbeRuns& runs) : runs_(runs), step_(runs.step()) {}

  void run() {
    plant();
    if (!step_.has_errors() && tapes_differ()) values();
  }

 private:
  // Whole numbers that the original's operations treat apart (an index to ignore, a padding row), and compares integers
  // with.
  std::set<std::int64_t> ints_to_plant() const {
    std::set<std::int64_t> found;
    for (const TapeEntry& e : step_.tape_a.entries)
      for (const std::string& argument : e.args) {
        const bool compared = argument.rfind("other=", 0) == 0 && !e.in.empty() && e.in[0].dtype.rfind("int", 0) == 0 &&
                              op_class(e) == OpClass::plumbing;
        if (argument.rfind("ignore_index=", 0) != 0 && argument.rfind("padding_idx=", 0) != 0 && !compared) continue;
        const std::string text = argument.substr(argument.find('=') + 1);
        char* end = nullptr;
        const long long value = std::strtoll(text.c_str(), &end, 10);
        if (*end == 0 && end != text.c_str() && !(argument.front() == 'p' && value < 0)) found.insert(value);
      }
    return found;
  }

  // Some of the elements of each integer input in turn.
  void plant() {
    for (const std::int64_t value : ints_to_plant())
      for (const at::Tensor& chosen : runs_.tensors()) {
        if (!of_integers(chosen) || runs_.exhausted()) continue;
        const ProbeRuns::Outcome outcome = runs_.try_both(runs_.changed([&](const at::Tensor& t) {
          if (!t.is_same(chosen) &&
              !(t.sizes() == chosen.sizes() && t.scalar_type() == chosen.scalar_type() && t.equal(chosen)))
            return t;
          at::Tensor planted = t.clone();
          planted.view({-1}).slice(0, 0, std::nullopt, 2).fill_(value);
          return planted;
        }));
        report_values(outcome, "where an integer input holds " + std::to_string(value), ProbeRuns::What::all);
      }
  }

  bool report_values(const ProbeRuns::Outcome& outcome, const std::string& when, ProbeRuns::What compared) {
    if (!outcome.counts) return false;
    std::string what = outcome.failed ? "the refactored model " + outcome.failed->finding.message
                                      : runs_.difference(outcome, compared);
    if (what.empty()) return false;
    runs_.add("conservation-range", when + ": " + what,
              "Compute what the original computes for every input that it takes, not only for those of the trials.");
    return true;
  }

  // Do the two runs write anything differently but layouts?
  bool tapes_differ() const {
    static const std::set<std::string> layout = {
        "view",       "reshape", "permute",      "transpose", "t",        "contiguous", "clone",   "expand",
        "unsqueeze",  "squeeze", "flatten",      "unflatten", "slice",    "select",     "split",   "split_with_sizes",
        "chunk",      "unbind",  "detach",       "to",        "_to_copy", "expand_as",  "view_as", "alias",
        "lift_fresh", "movedim", "_unsafe_view", "narrow",    "numpy_T",  "index",      "cat",     "stack"};
    const auto texts = [&](const Tape& tape) {
      std::multiset<std::string> all;
      for (const TapeEntry& e : tape.entries) {
        if (op_class(e) == OpClass::identity || layout.count(op_base_name(e.op)) != 0) continue;
        std::string text = canonical_operation(e.op) + (e.out.empty() ? "" : " " + e.out[0].dtype);
        for (const std::string& a : e.args)
          if (a.rfind("dtype", 0) != 0 && a.rfind("keepdim", 0) != 0 && a.rfind("dim", 0) != 0 &&
              a.rfind("size", 0) != 0)
            text += " " + a;
        all.insert(text);
      }
      return all;
    };
    return texts(step_.tape_a) != texts(step_.tape_b);
  }

  // What one form survives and another does not: a row of zeros, a mask that leaves nothing open, negative and large
  // integers, results far out.
  void values() {
    const auto row_of = [](double value, bool floats) {
      return [value, floats](const at::Tensor& t) {
        if (t.dim() == 0 || t.size(0) == 0 || (of_floats(t) && !floats) || (t.is_complex() && value != 0))
          return t;
        at::Tensor made = t.clone();
        made.select(0, 0).fill_(value);
        return made;
      };
    };
    if (report_values(runs_.try_both(runs_.changed(row_of(0, true))), "where the first row of each input is zero",
                      ProbeRuns::What::finiteness))
      return;
    if (has_integers() &&
        report_values(runs_.try_both(runs_.changed(row_of(0, false))),
                      "where the first row of each integer and mask is zero", ProbeRuns::What::finiteness))
      return;
    if (has_integers() &&
        report_values(runs_.try_both(runs_.changed(row_of(1, false))),
                      "where the first row of each integer and mask is one", ProbeRuns::What::finiteness))
      return;
    if (has_integers() && report_values(runs_.try_both(runs_.changed([](const at::Tensor& t) {
          return of_integers(t) && t.scalar_type() != at::kByte ? t.neg().sub(1) : t;
        })),
                                        "where integers are negative", ProbeRuns::What::all))
      return;
    if (has_integers() && computes_in_narrow_integers() &&
        report_values(
            runs_.try_both(runs_.changed([](const at::Tensor& t) { return of_integers(t) ? t.mul(331) : t; })),
            "where integers are 331 times larger", ProbeRuns::What::exact))
      return;
    for (const double factor : {16.0, 128.0})
      if (!runs_.exhausted() && report_values(runs_.try_both(runs_.changed([&](const at::Tensor& t) {
            return of_floats(t) ? t.mul(factor) : t;
          })),
                                              "on inputs " + std::to_string(static_cast<int>(factor)) + " times larger",
                                              ProbeRuns::What::finiteness))
        return;
  }

  bool computes_in_narrow_integers() const {
    return std::any_of(step_.tape_a.entries.begin(), step_.tape_a.entries.end(), [](const TapeEntry& e) {
      const OpClass c = op_class(e);
      return (c == OpClass::arithmetic || c == OpClass::compute) && !e.out.empty() && e.out[0].dtype != "int64" &&
             e.out[0].dtype.find("int") != std::string::npos;
    });
  }

  bool has_integers() const {
    return std::any_of(runs_.tensors().begin(), runs_.tensors().end(),
                       [](const at::Tensor& t) { return !of_floats(t) && !t.is_complex(); });
  }

  ProbeRuns& runs_;
  StepContext& step_;
};

}  // namespace

void probe_values(ProbeRuns& runs) { Values(runs).run(); }

}  // namespace decomp
