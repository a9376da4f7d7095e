# cmake --install: bin/decomp, lib/libdecomp.so, lib/libdecomp_worker.so, include/decomp/, and lib/cmake/decomp for
# find_package(decomp), which gives the target decomp::decomp. The parts find each other by place (bin beside lib), so the
# prefix can be moved; torch and Python are those of the build, by DT_RUNPATH.
include(CMakePackageConfigHelpers)

# The public functions, and nothing of ours or of the libraries inside, are visible.
target_link_options(decomp PRIVATE "LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/libdecomp.map")
set_property(TARGET decomp APPEND PROPERTY LINK_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/libdecomp.map")
target_compile_features(decomp INTERFACE cxx_std_20)
foreach(_target decomp decomp_worker)
  target_link_options(${_target} PRIVATE LINKER:--enable-new-dtags)
endforeach()

# libdecomp_worker.so and python_bridge's own install rule share this directory.
install(TARGETS decomp EXPORT decompTargets LIBRARY DESTINATION lib INCLUDES DESTINATION include)
install(TARGETS decomp_cli RUNTIME DESTINATION bin)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/engine/include/decomp" DESTINATION include FILES_MATCHING PATTERN "*.h")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION share/doc/decomp)

install(EXPORT decompTargets NAMESPACE decomp:: DESTINATION lib/cmake/decomp)
file(WRITE "${PROJECT_BINARY_DIR}/decompConfig.cmake"
  "# decomp::decomp: prove PyTorch decompositions from C++ (decomp/decomp.h). Needs no other package.\n"
  "include(\"\${CMAKE_CURRENT_LIST_DIR}/decompTargets.cmake\")\n")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/decompConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/decompConfig.cmake" "${PROJECT_BINARY_DIR}/decompConfigVersion.cmake"
  DESTINATION lib/cmake/decomp)
