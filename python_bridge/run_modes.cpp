#include "run_modes.h"

#include <c10/core/DefaultDtype.h>
#include <c10/core/ScalarTypeToTypeMeta.h>

#include <cstring>

#include "judged.h"
#include "tensor/value.h"

namespace decomp::bridge {
namespace {

bool is_real(const at::Tensor& t) { return t.defined() && at::isFloatingType(t.scalar_type()); }

}  // namespace

RunModes::RunModes(const Json& run, PyObject* model, const DescribedModel& description, std::vector<at::Tensor>& given) : model_(model) {
  if (run.contains("cast")) {
    const at::ScalarType to = dtype_from_name(run["cast"].get<std::string>());
    for (const DescribedTensor& t : description.tensors)
      if (is_real(t.tensor)) {
        data_.emplace_back(t.tensor, t.tensor.detach());
        at::Tensor(t.tensor).set_data(t.tensor.detach().to(to));
      }
    for (at::Tensor& t : given)
      if (is_real(t)) t.set_data(t.to(to));
  }
  if (run.value("training", false)) {
    for (const DescribedTensor& t : description.tensors)
      if (t.tensor.defined() && std::strcmp(t.kind, "parameter") != 0) content_.emplace_back(t.tensor, t.tensor.detach().clone());
    training_ = true;
    PyRef done(PyObject_CallMethod(model_, "train", nullptr));
    if (!done) {
      training_ = false;
      throw_pending("train");
    }
  }
  if (run.value("wide_default", false)) {
    wide_default_ = true;
    c10::set_default_dtype(c10::scalarTypeToTypeMeta(at::kDouble));
  }
}

RunModes::~RunModes() {
  if (wide_default_) c10::set_default_dtype(c10::scalarTypeToTypeMeta(at::kFloat));
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  if (training_) PyRef(PyObject_CallMethod(model_, "eval", nullptr));
  PyErr_Clear();
  PyErr_Restore(type, value, trace);
  for (auto& [tensor, copy] : content_)
    if (tensor.sizes() == copy.sizes()) tensor.detach().copy_(copy);
  for (auto it = data_.rbegin(); it != data_.rend(); ++it) it->first.set_data(it->second);  // one tensor may be listed twice
}

}  // namespace decomp::bridge
