# Reads every #include in include/, src/ and examples/, and fails where one goes against the direction
# in which the parts of this project may know of each other:
#
#   cli -> {bench, batch} -> {plan, pool, sink, report, listing} -> process -> {os, text} -> base
#
# Usage: cmake [-D ROOT=<checkout>] -P tools/check-includes.cmake
cmake_minimum_required(VERSION 3.25)
if(NOT DEFINED ROOT)
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()

# The table: a part, and the parts that it may include (itself always). No two may include each other.
set(base_includes)
set(text_includes    base)
set(os_includes      base)
set(process_includes base os)
set(pool_includes    base text os process)
set(listing_includes base text os)
set(report_includes  base text os)
set(sink_includes    base text os)
set(plan_includes    base text os listing)
set(batch_includes   base text os process pool listing report sink plan)
set(bench_includes   base text os process pool listing report sink plan batch)
set(cli_includes     base text os process pool listing report sink plan batch bench)
set(parts            base text os process pool listing report sink plan batch bench cli
                     examples)

# A file in src/<part>/ belongs to that part, and so does the public header (include/ream/) of the same
# name. These are the others, and the files at the top of src/, by their stems.
set(base_files    api error exit_status file_job guarantees latency random version worker_slots)
set(batch_files   batch verify clean plan_check write_options)

set(problems 0)

function(complain file number line rule)
  message(NOTICE "${file}:${number}: ${line}\n  ${rule}")
  math(EXPR problems "${problems} + 1")
  set(problems ${problems} PARENT_SCOPE)
endfunction()

# The part of `file`, given as "ream/x.hpp" or as it is called beneath src/; empty where it has none.
function(part_of file result)
  set(${result} "" PARENT_SCOPE)
  if(file MATCHES "^([a-z_]+)/" AND CMAKE_MATCH_1 IN_LIST parts)
    set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
  elseif(file MATCHES "^(ream/)?([a-z0-9_]+)\\.[ch]pp$")
    foreach(part IN LISTS parts)
      if(CMAKE_MATCH_2 IN_LIST ${part}_files OR
         (NOT CMAKE_MATCH_2 IN_LIST base_files AND NOT CMAKE_MATCH_2 IN_LIST batch_files
          AND EXISTS ${ROOT}/src/${part}/${CMAKE_MATCH_2}.cpp))
        set(${result} ${part} PARENT_SCOPE)
        break()
      endif()
    endforeach()
  endif()
endfunction()

# The rule that `file`, of `part`, breaks by including `target` with double quotes; empty for none.
function(rule_against_own file part target result)
  part_of(${target} target_part)
  set(rule "")
  if(file MATCHES "^ream/" AND NOT target MATCHES "^ream/")
    set(rule "a public header includes only public headers (\"ream/...\")")
  elseif(NOT target_part)
    set(rule "no part has this file: name it from include/ or src/, or give it a place in the table \
of tools/check-includes.cmake")
  elseif(NOT target_part STREQUAL part AND NOT target_part IN_LIST ${part}_includes)
    list(JOIN ${part}_includes " " allowed)
    set(rule "${part} never includes ${target_part}, only: ${allowed}")
  endif()
  set(${result} "${rule}" PARENT_SCOPE)
endfunction()

# The same for <target>.
function(rule_against_foreign file part target result)
  set(rule "")
  set(is_standard FALSE)
  if(target MATCHES "^[a-z0-9_]+$")
    set(is_standard TRUE)
  endif()
  if(target MATCHES "^ream/")
    set(rule "the project's own headers are included with double quotes")
  elseif(target MATCHES "^boost/asio" AND NOT file STREQUAL "ream/fork_server.hpp"
         AND NOT (part STREQUAL process AND NOT file MATCHES "^ream/"))
    set(rule "only src/process and ream/fork_server.hpp use Boost.Asio")
  elseif(file MATCHES "^ream/" AND NOT is_standard AND NOT target MATCHES "^boost/")
    set(rule "a public header includes only public headers, the standard library and Boost")
  elseif(NOT part STREQUAL os AND NOT is_standard
         AND NOT target MATCHES "^(boost/|fmt/|openssl/|simdjson\\.h$|cxxabi\\.h$)")
    set(rule "only src/os includes the headers of system calls; C's own are included as <c...>")
  endif()
  set(${result} "${rule}" PARENT_SCOPE)
endfunction()

# The rule that an example breaks by including <target> or "target". It does as a user would.
function(rule_for_example target result)
  set(rule "")
  if(NOT target MATCHES "^(ream/[a-z_]+\\.hpp|boost/.+|[a-z0-9_]+)$")
    set(rule "an example includes only public headers, the standard library and Boost")
  endif()
  set(${result} "${rule}" PARENT_SCOPE)
endfunction()

# `shown` is how messages name the file, `file` how #includes do.
function(check_file shown file)
  part_of(${file} part)
  if(NOT part)
    complain(${shown} 1 "" "no part has this file: give it a place in the table of \
tools/check-includes.cmake")
  else()
    file(READ ${ROOT}/${shown} text)
    string(REGEX REPLACE "[][;\\]" " " text "${text}")  # they would join or split a list's items
    string(REPLACE "\n" ";" lines "${text}")
    set(number 0)
    foreach(line IN LISTS lines)
      math(EXPR number "${number} + 1")
      set(rule "")
      if(part STREQUAL examples AND line MATCHES "^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"]+)[>\"]")
        rule_for_example(${CMAKE_MATCH_1} rule)
      elseif(line MATCHES "^[ \t]*#[ \t]*include[ \t]*\"([^\"]+)\"")
        rule_against_own(${file} ${part} ${CMAKE_MATCH_1} rule)
      elseif(line MATCHES "^[ \t]*#[ \t]*include[ \t]*<([^>]+)>")
        rule_against_foreign(${file} ${part} ${CMAKE_MATCH_1} rule)
      elseif(line MATCHES "^[ \t]*#[ \t]*include")
        set(rule "cannot tell what is included here")
      endif()
      if(rule)
        complain(${shown} ${number} "${line}" "${rule}")
      endif()
    endforeach()
  endif()
  set(problems ${problems} PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE ${ROOT}
     ${ROOT}/include/*.hpp ${ROOT}/include/*.h ${ROOT}/src/*.hpp ${ROOT}/src/*.h ${ROOT}/src/*.cpp
     ${ROOT}/examples/*.hpp ${ROOT}/examples/*.cpp)
if(NOT files)
  message(FATAL_ERROR "check-includes: no source files beneath ${ROOT}")
endif()
foreach(file IN LISTS files)
  string(REGEX REPLACE "^(include|src)/" "" named "${file}")
  check_file(${file} ${named})
endforeach()

list(LENGTH files count)
if(problems GREATER 0)
  message(FATAL_ERROR "check-includes: ${problems} includes go against the rules")
endif()
message(STATUS "check-includes: ${count} files keep to the rules")
