// A child that writes an operation out must do so over the dtype's range, not only at the trials' values (RULES §4): it runs alone
// on enlarged, shifted and tiny inputs, in float32 and in float64. Where float64 is finite, so is float32; and where the form is
// known to cancel, the two agree.

#include <ATen/Functions.h>

#include "pipeline/child_alone.h"
#include "pipeline/step_context.h"
#include "tensor/host_inputs.h"

namespace decomp {
namespace {

constexpr double largest_departure = 0.02;  // of float32 from float64, relative to the root mean square; a sound form stays below 1e-3

struct Probe {
  InputChange change;
  const char* text;
};
constexpr Probe probes[] = {{InputChange::times_4, "made 4 times larger,"},
                            {InputChange::times_8, "made 8 times larger,"},
                            {InputChange::times_16, "made 16 times larger,"},
                            {InputChange::times_128, "made 128 times larger,"}, {InputChange::shifted, "shifted by 1000,"}, {InputChange::tiny, "1e-8 times as large,"}};

bool all_float32(const Json& call) {
  std::vector<const Json*> open = {&call.at("args"), &call.at("kwargs")};
  bool any = false;
  while (!open.empty()) {
    const Json* node = open.back();
    open.pop_back();
    if (node->value("k", "") == "tensor") {
      const std::string dtype = node->value("dtype", "");
      if (dtype == "float16" || dtype == "bfloat16" || dtype == "float64" || dtype.rfind("complex", 0) == 0) return false;
      any = any || dtype == "float32";
    }
    if (node->contains("items"))
      for (const Json& item : node->at("items")) open.push_back(&item);
  }
  return any;
}

void tensors_of(const Value& value, std::vector<at::Tensor>& out) {
  if (value.kind == Value::Kind::tensor && at::isFloatingType(value.tensor.scalar_type())) out.push_back(value.tensor.to(at::kDouble));
  for (const Value& item : value.items) tensors_of(item, out);
}

class RangeProbe {
 public:
  explicit RangeProbe(StepContext& step) : step_(step) {}

  void run() {
    Stopwatch watch(step_.report.seconds["range"]);
    std::map<std::string, WrittenOut> by_file;  // one instance of each file
    for (const WrittenOut& w : step_.written_out)
      if (!w.range.empty() && !w.component.empty()) by_file.emplace(file_of(w.component), w);
    for (const auto& [file, written] : by_file)
      for (std::size_t i = 0; i < step_.children.size(); ++i)
        if (step_.children[i].module == file) probe(i, written);
  }

 private:
  std::string file_of(const std::string& component) const {
    for (const ModuleInstance& m : step_.modules_b)
      if (m.path == component) return m.child;
    return "";
  }

  void probe(std::size_t child, const WrittenOut& written) {
    const Json* call = nullptr;
    for (const Json& c : step_.call_list)
      if (c.at("path") == written.component && !c.contains("opaque")) call = &c;
    if (call == nullptr || !all_float32(*call)) return;
    std::vector<HostInputs> changed;
    for (const Probe& p : probes) changed.push_back(make_host_inputs(*call, step_.calls.file, step_.entropy, p.change));
    std::vector<std::optional<Value>> narrow(changed.size());
    ChildAlone alone(step_, child);
    alone.build();
    alone.give_weights_of(written.component);
    for (bool wide : {false, true})
      for (std::size_t i = 0; i < changed.size(); ++i) {
        if (wide && !narrow[i]) continue;
        RunRequest request{changed[i].tree.at("args"), changed[i].tree.at("kwargs"), step_.last.seed};
        request.widen = wide;
        Shipment inputs;
        inputs.memfd = std::make_shared<UniqueFd>(std::move(changed[i].memfd));
        inputs.file = MappedFile::map(inputs.memfd->get());
        std::optional<Value> result;
        try {
          result = alone.side().run(request, inputs).output;
        } catch (const StepStop& stop) {
          if (stop.finding.rule != "run-exception") return;  // values that the component does not take
        }
        changed[i].memfd = std::move(*inputs.memfd);
        if (!wide) {
          narrow[i] = std::move(result);
        } else if (result && departs(*narrow[i], *result, written.range == "value")) {
          step_.add_for_child({"conservation-range", Severity::error, {step_.children[child].module},
                               "\"" + written.name + "\" does not hold over float32: on the trial's inputs " + probes[i].text + " " + what_,
                               "Write the operation as torch does, or call torch's own: subtract the maximum before exponentials, take "
                               "variances from differences, use log1p and expm1."},
                              false);
          return;
        }
      }
  }

  // Non-finite where float64 is finite; by more than rounding, where values count.
  bool departs(const Value& narrow, const Value& wide, bool values) {
    std::vector<at::Tensor> x, y;
    tensors_of(narrow, x);
    tensors_of(wide, y);
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      if (x[i].sizes() != y[i].sizes() || x[i].numel() == 0) continue;
      const at::Tensor finite = at::isfinite(y[i]).logical_and(y[i].abs().lt(1e30));
      const at::Tensor lost = finite.logical_and(at::isfinite(x[i]).logical_not());
      if (const auto count = lost.sum().item<std::int64_t>(); count > 0) {
        what_ = std::to_string(count) + " of " + std::to_string(x[i].numel()) + " results are not finite; in float64 they are";
        return true;
      }
      if (!values) continue;
      const at::Tensor zero = at::zeros({}, y[i].options());
      const double size = at::where(finite, y[i], zero).square().mean().sqrt().item<double>();
      const double worst = at::where(finite, x[i].sub(y[i]).abs(), zero).max().item<double>();
      if (worst > largest_departure * size) {
        char text[120];
        std::snprintf(text, sizeof text, "float32 departs from float64 by %.2g of the results' size", worst / size);
        what_ = text;
        return true;
      }
    }
    return false;
  }

  StepContext& step_;
  std::string what_;
};

}  // namespace

void judge_range(StepContext& step) { RangeProbe(step).run(); }

}  // namespace decomp
