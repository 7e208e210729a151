# Warnings as an interface target: only our own targets link it, so nothing of it is installed.
add_library(ream_warnings INTERFACE)
target_compile_options(ream_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wcast-align -Wformat=2
  # GCC 12 sees overlaps in std::string that cannot be (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${REAM_WERROR}>:-Werror>)
