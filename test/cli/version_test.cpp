#define BOOST_TEST_MODULE version
#include "ream/version.hpp"

#include <boost/test/unit_test.hpp>
#include <regex>

#include "support/run_program.hpp"

using namespace ream::test;

BOOST_AUTO_TEST_CASE(version_tells_what_the_program_was_made_from_and_how) {
  const auto ended = run_ream({"--version"});
  BOOST_TEST(ended.exit_code == 0);
  const std::regex expected(
      "ream " + std::string(ream::version()) +
      "\n"
      "commit: ([0-9a-f]{40}(-dirty)?|unknown)\n"
      "compiler: (GCC|Clang) [0-9]+\\..*\n"
      "build type: [A-Z][A-Za-z]+\n"
      "features: jobserver, (static|shared) library(, sanitizers: [a-z,]+)?\n"
      "libraries: Boost 1\\.[0-9.]+, fmt [0-9.]+, simdjson [0-9.]+, OpenSSL [0-9.]+[a-z]*\n");
  BOOST_TEST(std::regex_match(ended.out, expected), ended.out);
}

BOOST_AUTO_TEST_CASE(version_names_the_sanitizers_that_are_built_in) {
#if defined(__SANITIZE_ADDRESS__)
  BOOST_TEST(run_ream({"--version"}).out.find("sanitizers: address") != std::string::npos);
#elif defined(__SANITIZE_THREAD__)
  BOOST_TEST(run_ream({"--version"}).out.find("sanitizers: thread") != std::string::npos);
#else
  BOOST_TEST(run_ream({"--version"}).out.find("sanitizers") == std::string::npos);
#endif
}
