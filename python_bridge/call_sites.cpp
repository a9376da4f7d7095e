#include "call_sites.h"

#include <algorithm>

namespace decomp::bridge {

CallSite CallSites::current() {
  CallSite site;
  if (files_.empty()) return site;
  const PyGILState_STATE state = PyGILState_Ensure();
  PyFrameObject* frame = PyThreadState_GetFrame(PyThreadState_Get());
  while (frame != nullptr && site.file < 0) {
    PyCodeObject* code = PyFrame_GetCode(frame);
    site.file = file_of(code);
    if (site.file >= 0) site.line = PyFrame_GetLineNumber(frame);
    Py_DECREF(code);
    PyFrameObject* caller = PyFrame_GetBack(frame);
    Py_DECREF(frame);
    frame = caller;
  }
  Py_XDECREF(frame);
  PyGILState_Release(state);
  return site;
}

int CallSites::file_of(PyCodeObject* code) const {
  const char* name = PyUnicode_AsUTF8(code->co_filename);
  if (name == nullptr) {
    PyErr_Clear();
    return -1;
  }
  const auto found = std::find(files_.begin(), files_.end(), name);
  return found == files_.end() ? -1 : static_cast<int>(found - files_.begin());
}

}  // namespace decomp::bridge
