# Writes the commit that SOURCE is to the C++ file OUTPUT, unless that says so already.
#
# Usage: cmake -D SOURCE=DIRECTORY -D OUTPUT=FILE -P cmake/write_commit.cmake
execute_process(COMMAND ${SOURCE}/tools/version --checkout
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                RESULT_VARIABLE failed ERROR_QUIET)
if(failed OR NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#include "cli/version_text.hpp"

const std::string_view ream::cli::commit = "@commit@";
]] @ONLY)
