# What is installed for those who use the program: each manual page, which man renders without a
# warning, and the completions, which are what the program prints.
#
# Usage: cmake -D BUILD=<the built project> -D SOURCE=<its sources> -D PROGRAM=<the built ream>
#              -D SCDOC=<scdoc, or a false value> -D SCRATCH=<directory> -P installed_files_test.cmake
cmake_minimum_required(VERSION 3.25)

function(expect_file path)
  if(NOT EXISTS ${prefix}/${path})
    message(FATAL_ERROR "${path} is not installed")
  endif()
endfunction()

function(expect_completion shell path)
  expect_file(${path})
  execute_process(COMMAND ${PROGRAM} completion ${shell} OUTPUT_VARIABLE printed
                  COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${prefix}/${path} installed)
  if(NOT installed STREQUAL printed OR installed STREQUAL "")
    message(FATAL_ERROR "${path} is not what 'ream completion ${shell}' prints")
  endif()
  find_program(found_${shell} ${shell})
  if(found_${shell})
    execute_process(COMMAND ${found_${shell}} -n ${prefix}/${path} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

function(expect_page page section)
  expect_file(share/man/man${section}/${page})
  if(NOT man)
    return()
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 MANWIDTH=80 MAN_KEEP_FORMATTING= ${man} --warnings
            -l ${prefix}/share/man/man${section}/${page}
    OUTPUT_VARIABLE text ERROR_VARIABLE warnings RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT warnings STREQUAL "")
    message(FATAL_ERROR "man --warnings ${page}: ${status}\n${warnings}")
  endif()
  if(NOT text MATCHES "NAME" OR NOT text MATCHES "SEE ALSO")
    message(FATAL_ERROR "${page} is rendered as:\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
set(prefix ${SCRATCH}/prefix)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --component program
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

expect_completion(bash share/bash-completion/completions/ream)
expect_completion(zsh share/zsh/site-functions/_ream)
expect_completion(fish share/fish/vendor_completions.d/ream.fish)

find_program(man man)
file(GLOB sources RELATIVE ${SOURCE}/docs/man ${SOURCE}/docs/man/*.scd)
foreach(source IN LISTS sources)
  if(SCDOC AND source MATCHES "^(.+\\.([1-9]))\\.scd$")
    expect_page(${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
  endif()
endforeach()
file(REMOVE_RECURSE ${SCRATCH})
