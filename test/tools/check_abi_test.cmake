# tools/check-abi lets an interface grow, and finds what breaks those who use it.
#
# Usage: cmake -D CHECK=<check-abi> -D COMPILER=<c++> -D SCRATCH=<directory> -P check_abi_test.cmake
cmake_minimum_required(VERSION 3.25)

# A library whose header has `members` of a struct, and which has `more` beside its one function.
function(make_library name members more soname debug)
  file(MAKE_DIRECTORY ${SCRATCH}/${name})
  file(WRITE ${SCRATCH}/${name}/page.hpp "struct Page { ${members} };\nint pages(const Page&);\n")
  file(WRITE ${SCRATCH}/${name}/page.cpp
       "#include \"page.hpp\"\nint pages(const Page& page) { return page.number; }\n${more}\n")
  execute_process(COMMAND ${COMPILER} ${debug} -fPIC -shared -Wl,-soname,${soname}
                          -o ${SCRATCH}/${name}.so ${SCRATCH}/${name}/page.cpp
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(expect wanted old new)
  execute_process(COMMAND ${CHECK} ${SCRATCH}/${old}.so ${SCRATCH}/${new}.so
                          ${SCRATCH}/${old} ${SCRATCH}/${new}
                  RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL wanted)
    message(FATAL_ERROR "check-abi ${old} ${new} ends with ${status}, not ${wanted}:\n${said}")
  endif()
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
make_library(first "int number;" "" libpage.so.1 -g)
make_library(same "int number;" "" libpage.so.1 -g)
make_library(more "int number;" "int sheets() { return 1; }" libpage.so.1 -g)
make_library(wider "int number; int side;" "" libpage.so.1 -g)
make_library(next "int number; int side;" "" libpage.so.2 -g)
make_library(bare "int number;" "" libpage.so.1 -g0)

expect(0 first same)
expect(0 first more)
expect(1 more first)
expect(1 first wider)
expect(0 first next)
expect(1 first bare)
expect(1 first absent)
file(REMOVE_RECURSE ${SCRATCH})
