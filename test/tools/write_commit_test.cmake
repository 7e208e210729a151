# Which commit 'ream --version' will name, in a checkout of its own; and that its file is left alone
# where that is the same, so that nothing is compiled again.
#
# Usage: cmake -D PROJECT=<checkout> -D SCRATCH=<directory> -P write_commit_test.cmake
cmake_minimum_required(VERSION 3.25)

set(source ${SCRATCH}/source)
set(output ${SCRATCH}/commit.cpp)
file(REMOVE_RECURSE ${SCRATCH})
file(COPY ${PROJECT}/tools/version DESTINATION ${source}/tools)

function(git)
  execute_process(COMMAND git -c user.name=n -c user.email=e@example.org ${ARGN}
                  WORKING_DIRECTORY ${source} OUTPUT_VARIABLE out OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  set(out "${out}" PARENT_SCOPE)
endfunction()

function(expect_commit expected)
  execute_process(COMMAND ${CMAKE_COMMAND} -D SOURCE=${source} -D OUTPUT=${output}
                          -P ${PROJECT}/cmake/write_commit.cmake COMMAND_ERROR_IS_FATAL ANY)
  file(STRINGS ${output} line REGEX "commit = ")
  if(NOT line MATCHES "commit = \"${expected}\"")
    message(FATAL_ERROR "'${line}' does not name the commit ${expected}")
  endif()
endfunction()

# The scratch directory may lie in somebody else's checkout, which is not asked.
expect_commit(unknown)

git(init -q)
git(add .)
git(commit -q -m first)
git(rev-parse HEAD)
set(first ${out})
expect_commit(${first})

file(TOUCH ${SCRATCH}/between)
execute_process(COMMAND sleep 0.02)
expect_commit(${first})
if(${output} IS_NEWER_THAN ${SCRATCH}/between)
  message(FATAL_ERROR "the file was written again where the commit is the same")
endif()

file(APPEND ${source}/tools/version "# changed\n")
expect_commit(${first}-dirty)
git(commit -q -a -m second)
git(rev-parse HEAD)
expect_commit(${out})

# As `make dist` packs it.
file(REMOVE_RECURSE ${source}/.git)
file(WRITE ${source}/SOURCE-COMMIT "version 1.2.3\ncommit ${first}\ntime 1\n")
expect_commit(${first})
