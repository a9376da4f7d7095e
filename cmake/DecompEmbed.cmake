# decomp_embed(<target> <symbol> FILES...): compiles text files into <target> as
#   const decomp::EmbeddedFile* decomp::<symbol>_begin / <symbol>_end   (see engine/core/embedded.h)
# Names are relative to the calling directory. Rebuilt when a file changes.
function(decomp_embed target symbol)
  set(_out "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.embedded.cpp")
  set(_paths "")
  foreach(_f ${ARGN})
    list(APPEND _paths "${CMAKE_CURRENT_SOURCE_DIR}/${_f}")
  endforeach()
  add_custom_command(OUTPUT "${_out}"
    COMMAND ${CMAKE_COMMAND} "-DOUT=${_out}" "-DSYMBOL=${symbol}" "-DBASE=${CMAKE_CURRENT_SOURCE_DIR}" "-DFILES=${ARGN}"
            -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${_paths} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake" VERBATIM)
  target_sources(${target} PRIVATE "${_out}")
endfunction()
