#pragma once
// What a model may carry from call to call outside its tensors' values.

#include <Python.h>

#include <map>
#include <string>

#include "describe.h"

namespace decomp::bridge {

// Numbers, strings, and sizes of containers and tensors, as text by place: in the modules' attributes ("blocks.0.count"), and, of
// judged code (`judged`: a list of module objects), in classes' attributes, functions' defaults and closures, module globals, objects
// of judged classes, iterators and suspended generators ("Model.seen", "tick()"). Bounded; what lies deeper is left out.
std::map<std::string, std::string> plain_state(const DescribedModel& model, PyObject* judged);

}  // namespace decomp::bridge
