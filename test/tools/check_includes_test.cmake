# Plants each kind of breach in a small tree of sources, and sees that tools/check-includes.cmake
# finds it by file, line and rule; and that it lets through what is allowed.
#
# Usage: cmake -D CHECK=<check-includes.cmake> -D SCRATCH=<directory> -P check_includes_test.cmake
cmake_minimum_required(VERSION 3.25)

function(run_check)
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CHECK}
                  RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  set(status ${status} PARENT_SCOPE)
  set(said "${said}" PARENT_SCOPE)
endfunction()

# One file, whose second line is `include`.
function(plant file include)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/${file} "// A file; with [brackets.\n#include ${include}\n")
endfunction()

function(expect_breach file include rule)
  plant(${file} "${include}")
  run_check()
  string(FIND "${said}" "${file}:2: #include ${include}\n  ${rule}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(SEND_ERROR "${include} in ${file} was not refused as a breach of '${rule}':\n${said}")
  endif()
endfunction()

function(expect_allowed file include)
  plant(${file} "${include}")
  run_check()
  if(NOT status EQUAL 0)
    message(SEND_ERROR "${include} in ${file} was refused:\n${said}")
  endif()
endfunction()

expect_breach(src/pool/a.cpp "\"sink/writer.hpp\"" "pool never includes sink")
expect_breach(src/pool/a.hpp "\"ream/plan.hpp\"" "pool never includes plan")
expect_breach(src/sink/a.cpp "\"plan/base64.hpp\"" "sink never includes plan")
expect_breach(src/os/a.cpp "\"process/child.hpp\"" "os never includes process")
expect_breach(src/batch.cpp "\"cli/arguments.hpp\"" "batch never includes cli")
expect_breach(src/error.cpp "\"os/fd.hpp\"" "base never includes os")
expect_breach(include/ream/pool.hpp "\"ream/batch.hpp\"" "pool never includes batch")
expect_breach(include/ream/pool.hpp "\"pool/ledger.hpp\"" "a public header includes only public")
expect_breach(include/ream/pool.hpp "<sys/types.h>" "a public header includes only public")
expect_breach(include/ream/pool.hpp "<fmt/format.h>" "a public header includes only public")
expect_breach(src/cli/main.cpp "<unistd.h>" "only src/os includes the headers of system calls")
expect_breach(src/sink/a.cpp "<sys/stat.h>" "only src/os includes the headers of system calls")
expect_breach(src/pool/a.cpp "<boost/asio.hpp>" "only src/process uses Boost.Asio")
expect_breach(src/pool/a.cpp "<ream/pool.hpp>" "the project's own headers")
expect_breach(src/pool/a.cpp "\"ledger.hpp\"" "no part has this file")
expect_breach(src/pool/a.cpp "HEADER" "cannot tell what is included here")

expect_allowed(src/os/a.cpp "<linux/openat2.h>")
expect_allowed(src/os/a.cpp "\"ream/error.hpp\"")
expect_allowed(src/process/a.cpp "<boost/asio/io_context.hpp>")
expect_allowed(src/sink/a.cpp "\"ream/file_job.hpp\"")
expect_allowed(src/plan/a.cpp "<simdjson.h>")
expect_allowed(src/batch.cpp "\"sink/tree.hpp\"")
expect_allowed(src/cli/main.cpp "\"ream/batch.hpp\"")
expect_allowed(include/ream/batch.hpp "<boost/filesystem/path.hpp>")

# A file that nobody gave a place is found as well, and so is a tree without sources.
plant(src/new.cpp "<string>")
run_check()
if(status EQUAL 0 OR NOT said MATCHES "src/new.cpp:1: .*no part has this file")
  message(SEND_ERROR "a file without a part was not refused:\n${said}")
endif()
file(REMOVE_RECURSE ${SCRATCH})
run_check()
if(status EQUAL 0)
  message(SEND_ERROR "a tree without sources passed:\n${said}")
endif()
