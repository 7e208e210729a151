# Each block of C++ in README.md becomes a program, named after the first header of ream's that it
# includes: what it includes, and a main() with the rest.
set(readme ${PROJECT_SOURCE_DIR}/README.md)
set(readme_programs ${PROJECT_BINARY_DIR}/readme)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${readme})

# Semicolons and brackets would split and join the items of CMake's lists.
string(ASCII 1 semicolon)
string(ASCII 2 opening)
string(ASCII 3 closing)
file(READ ${readme} text)
string(REPLACE ";" "${semicolon}" text "${text}")
string(REPLACE "[" "${opening}" text "${text}")
string(REPLACE "]" "${closing}" text "${text}")
string(REGEX MATCHALL "\n```cpp\n[^`]*\n```" blocks "${text}")

set(names)
foreach(block IN LISTS blocks)
  string(REGEX REPLACE "^\n```cpp\n|\n```$" "" block "${block}")
  string(REPLACE "${semicolon}" ";" block "${block}")
  string(REPLACE "${opening}" "[" block "${block}")
  string(REPLACE "${closing}" "]" block "${block}")
  if(NOT block MATCHES "#include <ream/([a-z_]+)\\.hpp>")
    message(FATAL_ERROR "README.md: this includes nothing of ream's:\n${block}")
  endif()
  set(name ${CMAKE_MATCH_1})
  if(name IN_LIST names)
    message(FATAL_ERROR "README.md: two blocks of C++ that begin with ream/${name}.hpp")
  endif()
  list(APPEND names ${name})

  string(REGEX MATCHALL "#include <[^>]+>" includes "${block}")
  list(JOIN includes "\n" includes)
  string(REGEX REPLACE "#include <[^>]+>\n" "" statements "${block}")
  file(CONFIGURE OUTPUT ${readme_programs}/${name}.cpp @ONLY CONTENT
       "@includes@\n#include \"readme/what_a_reader_has.hpp\"\n\nint main() {\n@statements@\n}\n")
  add_executable(readme.${name} ${readme_programs}/${name}.cpp)
  set_target_properties(readme.${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${readme_programs})
  target_include_directories(readme.${name} PRIVATE ${PROJECT_SOURCE_DIR}/test)
  target_link_libraries(readme.${name} PRIVATE ream::ream)
endforeach()
list(TRANSFORM names PREPEND readme. OUTPUT_VARIABLE readme_targets)
