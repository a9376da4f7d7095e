// Arguments of forward() that every trial left at their defaults.

#include <ATen/Functions.h>

#include <cstdlib>

#include "pipeline/probe_runs.h"

namespace decomp {
namespace {

class Arguments {
 public:
  explicit Arguments(ProbeRuns& runs) : runs_(runs), step_(runs.step()) {}

  void run() {
    const auto& parameters = step_.parameters_a.list;
    const std::size_t given = step_.last.args().contains("items") ? step_.last.args().at("items").size() : 0;
    std::set<std::string> named;
    if (step_.last.kwargs().contains("keys"))
      for (const Json& key : step_.last.kwargs().at("keys")) named.insert(key.get<std::string>().substr(2));
    if (step_.last.args().value("k", "") == "dict") return;
    for (std::size_t i = given; i < parameters.size(); ++i)
      if (!parameters[i].kind.empty() && parameters[i].kind != "other" && named.count(parameters[i].name) == 0) give(i);
  }

 private:
  // Its name in the refactored forward(), or at the same place; "" where it has none.
  std::string name_in_refactored(std::size_t at) const {
    const std::string& name = step_.parameters_a.list[at].name;
    const auto& list = step_.parameters_b.list;
    for (const ForwardParameter& p : list)
      if (p.name == name) return name;
    if (step_.parameters_b.takes_more) return name;
    return at < list.size() && !list[at].keyword_only ? list[at].name : "";
  }

  void give(std::size_t at) {
    const std::string& name = step_.parameters_a.list[at].name;
    const std::string other = name_in_refactored(at);
    // Flags of what a result shows (HF's output_attentions) may be left out; what the model computes with may not.
    if (other.empty() && (step_.parameters_a.list[at].kind == "bool" || step_.parameters_a.list[at].kind == "str"))
      return;
    for (const Value& candidate : candidates(step_.parameters_a.list[at])) {
      if (runs_.exhausted()) return;
      HostInputs made = runs_.unchanged({{name, candidate}});
      Json kwargs = made.tree.at("kwargs");
      if (!other.empty()) kwargs["keys"].back() = "s:" + other;
      const ProbeRuns::Outcome outcome = runs_.try_both(std::move(made), {}, &kwargs);
      if (!outcome.counts) continue;
      // An argument that changes nothing may be left out.
      if (compare_values(step_.results.back(), outcome.expected.output, step_.policy).pass()) continue;
      // It may be refused, plainly: what is answered must be right.
      if (!other.empty() && outcome.failed && outcome.failed->finding.rule == "run-exception") return;
      const std::string what = other.empty()    ? "the refactored forward() has no such argument"
                               : outcome.failed ? "the refactored model " + outcome.failed->finding.message
                                                : runs_.difference(outcome, ProbeRuns::What::all);
      if (!what.empty())
        runs_.add("conservation-parameter",
                  "the original's result depends on `" + name + "`, which no trial gives; given, " + what,
                  "Take every argument that the original computes with, and use it as the original does.");
      if (!what.empty() || step_.parameters_a.list[at].kind != "str") return;
    }
  }

  static Value of_text(Value::Kind kind, const std::string& text) {
    Value value;
    value.kind = kind;
    value.text = text;
    return value;
  }

  // Another value than the default; for None tensors that the argument may be: what the model returns (a state), like
  // an input, a number for each row or pair of rows of it, a mask of these.
  std::vector<Value> candidates(const ForwardParameter& parameter) const {
    if (parameter.kind == "bool") return {of_text(Value::Kind::boolean, parameter.value == "true" ? "false" : "true")};
    if (parameter.kind == "int")
      return {of_text(Value::Kind::integer, std::to_string(std::strtoll(parameter.value.c_str(), nullptr, 0) + 1))};
    if (parameter.kind == "float") {
      char text[64];
      std::snprintf(text, sizeof text, "%a", std::strtod(parameter.value.c_str(), nullptr) * 0.5 + 0.25);
      return {of_text(Value::Kind::real, text)};
    }
    if (parameter.kind == "str") {
      std::vector<Value> words;
      for (const std::string& word : step_.tests.words)
        if (word != parameter.value && words.size() < 8) words.push_back(of_text(Value::Kind::string, word));
      return words;
    }
    std::vector<at::Tensor> found;
    const auto wave = [](at::IntArrayRef shape) {
      return at::arange(1, 1 + c10::multiply_integers(shape), at::kFloat)
          .mul(0.7548777)
          .sin()
          .mul(0.4)
          .add(0.55)
          .reshape(shape);
    };
    for (const at::Tensor& t : runs_.tensors()) {
      if (t.dim() == 0 || found.size() > 12) continue;
      if (of_floats(t)) found.push_back(wave(t.sizes()).to(t.scalar_type()));
      std::vector<std::vector<std::int64_t>> shapes;
      if (t.dim() >= 2) {
        shapes.push_back({t.size(0), t.size(1)});
        shapes.push_back({t.size(0), 1, t.size(1), t.size(1)});
        shapes.push_back({t.size(1), t.size(1)});
      } else {
        shapes.push_back({t.size(0)});
      }
      for (const auto& shape : shapes) {
        found.push_back(wave(shape).gt(0.45));
        found.push_back(wave(shape));
      }
      if (of_integers(t)) found.push_back(t.remainder(2));
    }
    std::vector<Value> values;
    const Value& result = step_.results.back();
    if (result.kind == Value::Kind::tuple || result.kind == Value::Kind::list)
      values.insert(values.end(), result.items.begin(), result.items.end());
    for (const at::Tensor& t : found) {
      Value value;
      value.kind = Value::Kind::tensor;
      value.tensor = t;
      values.push_back(value);
    }
    return values;
  }

  ProbeRuns& runs_;
  StepContext& step_;
};

}  // namespace

void probe_arguments(ProbeRuns& runs) { Arguments(runs).run(); }

}  // namespace decomp
