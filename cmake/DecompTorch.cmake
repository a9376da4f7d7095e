# Finds the Python named by DECOMP_PYTHON (default: the repository's .venv) and the torch in it.
#   decomp_torch   LibTorch headers (with torch's own fmt and pybind11) and libtorch_cpu, libc10
#   decomp_python  Python.h, libpython (shared) and libtorch_python
set(DECOMP_PYTHON "${CMAKE_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH "Python interpreter that has torch")

execute_process(
  COMMAND "${DECOMP_PYTHON}" -c "
import importlib.util, os, sysconfig
spec = importlib.util.find_spec('torch')
v = sysconfig.get_config_var
lib = v('LDLIBRARY')
print(os.path.dirname(spec.origin) if spec else '', sysconfig.get_path('include'), v('LIBDIR'), v('MULTIARCH') or '', lib, v('Py_ENABLE_SHARED'), sep='\\n')"
  OUTPUT_VARIABLE _probe ERROR_VARIABLE _probe_error RESULT_VARIABLE _probe_rc OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT _probe_rc EQUAL 0)
  message(FATAL_ERROR "cannot run ${DECOMP_PYTHON}: ${_probe_error}\nRun scripts/setup first, or set -DDECOMP_PYTHON=<python with torch>.")
endif()
string(REPLACE "\n" ";" _probe "${_probe}")
list(GET _probe 0 DECOMP_TORCH_DIR)
list(GET _probe 1 _py_include)
list(GET _probe 2 _py_libdir)
list(GET _probe 3 _py_multiarch)
list(GET _probe 4 _py_lib)
list(GET _probe 5 _py_shared)
if(NOT DECOMP_TORCH_DIR)
  message(FATAL_ERROR "${DECOMP_PYTHON} has no torch. Run scripts/setup, or: ${DECOMP_PYTHON} -m pip install torch==2.13.0")
endif()
if(NOT _py_shared)
  message(FATAL_ERROR "${DECOMP_PYTHON} was built without a shared libpython; decomp embeds it and needs one")
endif()
find_library(DECOMP_LIBPYTHON NAMES "${_py_lib}" PATHS "${_py_libdir}" "${_py_libdir}/${_py_multiarch}" NO_DEFAULT_PATH REQUIRED)

add_library(decomp_torch INTERFACE)
target_include_directories(decomp_torch SYSTEM INTERFACE
  "${DECOMP_TORCH_DIR}/include" "${DECOMP_TORCH_DIR}/include/torch/csrc/api/include")
target_link_libraries(decomp_torch INTERFACE
  "${DECOMP_TORCH_DIR}/lib/libtorch_cpu.so" "${DECOMP_TORCH_DIR}/lib/libc10.so")
target_link_options(decomp_torch INTERFACE "-Wl,-rpath,${DECOMP_TORCH_DIR}/lib")
# libtorch is a release build, and some of its classes have other members without NDEBUG.
target_compile_definitions(decomp_torch INTERFACE $<$<CONFIG:Debug>:NDEBUG>)

add_library(decomp_python INTERFACE)
target_include_directories(decomp_python SYSTEM INTERFACE "${_py_include}")
target_link_libraries(decomp_python INTERFACE "${DECOMP_LIBPYTHON}" "${DECOMP_TORCH_DIR}/lib/libtorch_python.so")
get_filename_component(_py_lib_found_dir "${DECOMP_LIBPYTHON}" DIRECTORY)
target_link_options(decomp_python INTERFACE "-Wl,-rpath,${_py_lib_found_dir}")
message(STATUS "decomp: Python ${DECOMP_PYTHON}, torch in ${DECOMP_TORCH_DIR}")
