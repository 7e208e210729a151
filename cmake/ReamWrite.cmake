# Files that a manifest describes, written as part of a build.
#
#   ream_write(TARGET name MANIFEST file DIRECTORY dir [OPTIONS option...] [DEPENDS item...])
#
# Makes the target `name`, which is part of `all`. It runs `ream write` where the manifest, a file
# that the manifest names by "from", or one of DEPENDS (files or targets) has changed: what is as it
# should be is left alone, and what the manifest does not name any more is removed (--if-exists update
# --prune). OPTIONS are more options of `ream write`.
#
# A relative `file` is taken from the current source directory, a relative `dir` from the current
# binary directory. `dir` must not be the current binary directory itself, where ream keeps its stamp,
# depfile and record as name.ream*. The generator must know depfiles: Ninja, or Makefiles. (With
# Makefiles, CMake forgets no file that a manifest has named once: where one is removed, the command
# runs each time until the project is configured anew.)
include_guard(GLOBAL)

# As the policies are from 3.20 on, whatever the project has asked for: a depfile's relative paths are
# taken from the current binary directory (CMP0116).
cmake_policy(PUSH)
cmake_policy(VERSION 3.20...3.25)

function(ream_write)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;MANIFEST;DIRECTORY" "OPTIONS;DEPENDS")
  foreach(needed TARGET MANIFEST DIRECTORY)
    if("${arg_${needed}}" STREQUAL "")
      message(FATAL_ERROR "ream_write: ${needed} is missing: the usage is ream_write(TARGET name "
                          "MANIFEST file DIRECTORY dir [OPTIONS option...] [DEPENDS item...])")
    endif()
  endforeach()
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ream_write: unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "ream_write: the generator ${CMAKE_GENERATOR} knows no depfiles: use Ninja or "
                        "Unix Makefiles")
  endif()
  if(NOT TARGET ream::program)
    message(FATAL_ERROR "ream_write: the program ream is not installed beside its library")
  endif()
  cmake_path(ABSOLUTE_PATH arg_MANIFEST BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  cmake_path(ABSOLUTE_PATH arg_DIRECTORY BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.ream)
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ream::program write --quiet --list none --if-exists update --prune
            --stamp ${stamp} --depfile ${stamp}.d ${arg_OPTIONS} -- ${arg_MANIFEST} ${arg_DIRECTORY}
    DEPENDS ${arg_MANIFEST} ream::program ${arg_DEPENDS}
    DEPFILE ${stamp}.d
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}
    COMMENT "Writing the files of ${arg_MANIFEST}"
    VERBATIM)
  add_custom_target(${arg_TARGET} ALL DEPENDS ${stamp})
endfunction()

cmake_policy(POP)
