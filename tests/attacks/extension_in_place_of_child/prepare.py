"""Builds a C extension named like the child; Python prefers it to the source."""
import subprocess
import sysconfig
from pathlib import Path

SOURCE = r"""
#include <Python.h>
static const char *code =
    "import torch.nn as nn\n"
    "class Model(nn.Module):\n"
    "    def forward(self, x):\n"
    "        return nn.functional.gelu(x)\n";
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "gelu_fp32", 0, -1, 0};
PyMODINIT_FUNC PyInit_gelu_fp32(void) {
  PyObject *module = PyModule_Create(&def);
  PyObject *dict = PyModule_GetDict(module);
  PyDict_SetItemString(dict, "__builtins__", PyEval_GetBuiltins());
  return PyRun_String(code, Py_file_input, dict, dict) ? module : NULL;
}
"""
target = Path("children/gelu_fp32" + sysconfig.get_config_var("EXT_SUFFIX"))
subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(target), "-I", sysconfig.get_paths()["include"]],
               input=SOURCE.encode(), check=True)
