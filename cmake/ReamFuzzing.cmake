# Included before the library's targets: what a fuzzer calls must itself be compiled with coverage,
# and with the sanitizers that turn a bug into a stop.
if(NOT REAM_FUZZERS)
  return()
endif()

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "REAM_FUZZERS needs Clang for libFuzzer: cmake --preset fuzz")
endif()

add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                    -fno-omit-frame-pointer)
add_link_options(-fsanitize=address,undefined)
