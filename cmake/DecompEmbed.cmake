# decomp_embed(<target> <symbol> [BASE <dir>] FILES...): compiles text files into <target> as
#   const decomp::EmbeddedFile* decomp::<symbol>_begin / <symbol>_end   (see engine/core/embedded.h)
# Names are relative to BASE (default: the calling directory). Rebuilt when a file changes.
function(decomp_embed target symbol)
  cmake_parse_arguments(PARSE_ARGV 2 _embed "" "BASE" "")
  if(NOT _embed_BASE)
    set(_embed_BASE "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  set(_files ${_embed_UNPARSED_ARGUMENTS})
  set(_out "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.embedded.cpp")
  set(_paths "")
  foreach(_f ${_files})
    list(APPEND _paths "${_embed_BASE}/${_f}")
  endforeach()
  add_custom_command(OUTPUT "${_out}"
    COMMAND ${CMAKE_COMMAND} "-DOUT=${_out}" "-DSYMBOL=${symbol}" "-DBASE=${_embed_BASE}" "-DFILES=${_files}"
            -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${_paths} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake" VERBATIM)
  # An object library of its own: a generated file belongs to the directory that makes it, <target> may live elsewhere.
  add_library(${symbol}_embedded OBJECT "${_out}")
  target_include_directories(${symbol}_embedded PRIVATE "${PROJECT_SOURCE_DIR}/engine")
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${symbol}_embedded>)
endfunction()
