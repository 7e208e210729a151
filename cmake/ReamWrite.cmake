# Files that a manifest describes, written as part of a build.
#
#   ream_write(TARGET name MANIFEST file DIRECTORY dir [JOBS n] [OPTIONS option...] [DEPENDS item...])
#
# Makes the target `name`, which is part of `all`. It runs `ream write` where the manifest, a file
# that the manifest names by "from", or one of DEPENDS (files or targets) has changed: what is as it
# should be is left alone, and what the manifest does not name any more is removed.
#
# JOBS is how many workers write. Where it is not given there is one: the build tool counts the
# command as one job, runs others beside it, and CMake has it grant no more. OPTIONS are more options
# of `ream write`. They go before what is the default here: --quiet --list none --if-exists update
# --prune (with --atomic batch: --if-exists replace, and nothing to prune). --stamp and --depfile are
# ream_write()'s own.
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

# Adds a default to the options in `variable`, where none of them matches `pattern`.
function(ream_add_default variable pattern)
  set(given ${${variable}})
  list(FILTER given INCLUDE REGEX "${pattern}")
  if("${given}" STREQUAL "")
    set(${variable} ${${variable}} ${ARGN} PARENT_SCOPE)
  endif()
endfunction()

# Adds what the options in `variable` leave open. Short options may stand together in one word.
function(ream_add_defaults variable)
  set(wanted ${${variable}})
  ream_add_default(wanted "^(--jobs(=.*)?|-[0knq]*j.*|--serial)$" --jobs 1)
  ream_add_default(wanted "^(--quiet|-[0kn]*q.*)$" --quiet)
  ream_add_default(wanted "^--list(=|$)" --list none)
  if("${wanted}" MATCHES "(^|;)--atomic[=;]batch(;|$)")
    ream_add_default(wanted "^--if-exists(=|$)" --if-exists replace)
  else()
    ream_add_default(wanted "^--if-exists(=|$)" --if-exists update)
    ream_add_default(wanted "^--prune$" --prune)
  endif()
  set(${variable} ${wanted} PARENT_SCOPE)
endfunction()

# Some characters have no form in a depfile that both make and ninja read (src/text/depfile_text.cpp),
# and brackets may be a pattern to make. Where only the directories of the project have them in their
# names, a path from the current binary directory has none.
function(ream_path_for_depfile variable)
  if("${${variable}}" MATCHES "[][*|<>^`=?&'\"]")
    file(RELATIVE_PATH relative ${CMAKE_CURRENT_BINARY_DIR} ${${variable}})
    set(${variable} ${relative} PARENT_SCOPE)
  endif()
endfunction()

function(ream_write)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;MANIFEST;DIRECTORY;JOBS" "OPTIONS;DEPENDS")
  foreach(needed TARGET MANIFEST DIRECTORY)
    if("${arg_${needed}}" STREQUAL "")
      message(FATAL_ERROR "ream_write: ${needed} is missing: the usage is ream_write(TARGET name "
                          "MANIFEST file DIRECTORY dir [JOBS n] [OPTIONS option...] "
                          "[DEPENDS item...])")
    endif()
  endforeach()
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ream_write: unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if("${arg_OPTIONS}" MATCHES "(^|;)--(stamp|depfile)(=|;|$)")
    message(FATAL_ERROR "ream_write: --${CMAKE_MATCH_2} is not for OPTIONS: ream_write() has one of "
                        "its own, by which the build tool knows when to run")
  endif()
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "ream_write: the generator ${CMAKE_GENERATOR} knows no depfiles: use Ninja or "
                        "Unix Makefiles")
  endif()
  if(NOT TARGET ream::program)
    message(FATAL_ERROR "ream_write: the program ream is not installed beside its library: install "
                        "it too (on Debian it is the package ream)")
  endif()

  set(options ${arg_OPTIONS})
  if(DEFINED arg_JOBS)
    list(APPEND options --jobs ${arg_JOBS})
  endif()
  ream_add_defaults(options)

  cmake_path(ABSOLUTE_PATH arg_MANIFEST BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  cmake_path(ABSOLUTE_PATH arg_DIRECTORY BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
  set(manifest ${arg_MANIFEST})
  ream_path_for_depfile(manifest)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.ream)
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ream::program write --stamp ${arg_TARGET}.ream --depfile ${arg_TARGET}.ream.d ${options}
            -- ${manifest} ${arg_DIRECTORY}
    DEPENDS ${arg_MANIFEST} ream::program ${arg_DEPENDS}
    DEPFILE ${stamp}.d
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}
    COMMENT "Writing the files of ${arg_MANIFEST}"
    VERBATIM)
  add_custom_target(${arg_TARGET} ALL DEPENDS ${stamp})
endfunction()

cmake_policy(POP)
