#include "cli/version_text.hpp"

#include <fmt/format.h>

#include "ream/version.hpp"

namespace ream::cli {

namespace {

#if defined(__clang__)
constexpr std::string_view compiler = "Clang " __clang_version__;
#else
constexpr std::string_view compiler = "GCC " __VERSION__;
#endif

std::string features() {
  constexpr std::string_view sanitizers = REAM_SANITIZERS;
  std::string text = "jobserver, " REAM_LIBRARY_TYPE " library";
  if (!sanitizers.empty()) text += fmt::format(", sanitizers: {}", sanitizers);
  return text;
}

}  // namespace

std::string version_text() {
  return fmt::format(
      "ream {}\n"
      "commit: {}\n"
      "compiler: {}\n"
      "build type: {}\n"
      "features: {}\n"
      "libraries: {}\n",
      version(), commit, compiler, REAM_BUILD_TYPE, features(), REAM_LIBRARIES);
}

}  // namespace ream::cli
