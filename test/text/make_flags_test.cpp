#define BOOST_TEST_MODULE make_flags
#include "text/make_flags.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream::text;

namespace {

template <class Kind>
std::optional<Kind> jobserver_of(std::string_view makeflags) {
  const auto flags = parse_make_flags(makeflags);
  if (!flags.jobserver || !std::holds_alternative<Kind>(*flags.jobserver)) return std::nullopt;
  return std::get<Kind>(*flags.jobserver);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_make_without_options_says_nothing) {
  for (const char* makeflags : {"", " ", " -- CC=gcc", " --no-print-directory", "w", "ks"}) {
    BOOST_TEST_CONTEXT("MAKEFLAGS '" << makeflags << "'") {
      const auto flags = parse_make_flags(makeflags);
      BOOST_TEST(!flags.dry_run);
      BOOST_TEST(!flags.jobs);
      BOOST_TEST(!flags.jobserver);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_way_to_name_a_jobserver_is_understood) {
  for (const char* makeflags : {" -j4 --jobserver-auth=13,4", "kw -j --jobserver-auth=13,4",
                                " --jobserver-fds=13,4 -j", "--jobserver-auth=13,4"}) {
    BOOST_TEST_CONTEXT("MAKEFLAGS '" << makeflags << "'") {
      const auto pipe = jobserver_of<JobserverPipe>(makeflags);
      BOOST_REQUIRE(pipe.has_value());
      BOOST_TEST(pipe->read == 13);
      BOOST_TEST(pipe->write == 4);
    }
  }
  const auto fifo = jobserver_of<JobserverFifo>(" -j4 --jobserver-auth=fifo:/tmp/GMfifo12");
  BOOST_REQUIRE(fifo.has_value());
  BOOST_TEST(fifo->path == "/tmp/GMfifo12");
}

BOOST_AUTO_TEST_CASE(the_last_jobserver_holds) {
  const auto pipe = jobserver_of<JobserverPipe>(
      " --jobserver-auth=fifo:/x --jobserver-fds=1,2 "
      "--jobserver-auth=5,6");
  BOOST_REQUIRE(pipe.has_value());
  BOOST_TEST(pipe->read == 5);
  const auto fifo = jobserver_of<JobserverFifo>(" --jobserver-auth=5,6 --jobserver-auth=fifo:/x");
  BOOST_REQUIRE(fifo.has_value());
  BOOST_TEST(parse_make_flags(" --jobserver-auth=5,6 --jobserver-auth=fifo:/x").jobserver_option ==
             "--jobserver-auth=fifo:/x");
}

BOOST_AUTO_TEST_CASE(numbers_of_a_jobserver_that_the_recipe_does_not_have_are_kept) {
  const auto pipe = jobserver_of<JobserverPipe>(" -j4 --jobserver-auth=-2,-2");
  BOOST_REQUIRE(pipe.has_value());
  BOOST_TEST(pipe->read == -2);
  BOOST_TEST(pipe->write == -2);
}

BOOST_AUTO_TEST_CASE(what_a_later_make_may_say_is_known_to_be_unknown) {
  for (const char* makeflags :
       {" --jobserver-auth=sem:x", " --jobserver-auth=3", " --jobserver-auth=3,",
        " --jobserver-auth=", " --jobserver-auth=3,4,5", " --jobserver-auth=3,99999999999"}) {
    BOOST_TEST_CONTEXT("MAKEFLAGS '" << makeflags << "'") {
      BOOST_TEST(jobserver_of<UnknownJobserver>(makeflags).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_number_of_jobs_is_that_of_the_last_j) {
  BOOST_TEST(*parse_make_flags(" -j1").jobs == 1U);
  BOOST_TEST(*parse_make_flags("kn -j16 --jobserver-auth=3,4").jobs == 16U);
  BOOST_TEST(*parse_make_flags(" -j2 -j3").jobs == 3U);
  BOOST_TEST(!parse_make_flags(" -j").jobs);
  BOOST_TEST(!parse_make_flags(" -jx").jobs);
}

BOOST_AUTO_TEST_CASE(n_q_and_t_forbid_to_write_and_only_as_letters_of_the_first_word) {
  for (const char* makeflags : {"n", "kn -j4", "q", "st --jobserver-auth=3,4", "n -- CC=gcc"}) {
    BOOST_TEST_CONTEXT("MAKEFLAGS '" << makeflags << "'") {
      BOOST_TEST(parse_make_flags(makeflags).dry_run);
    }
  }
  for (const char* makeflags : {"", "ks", " --no-print-directory", "--quiet", " -Iinclude/n",
                                " -- n=1", "n=1", "k n", " -j4 -- TARGET=n", "k -Onone"}) {
    BOOST_TEST_CONTEXT("MAKEFLAGS '" << makeflags << "'") {
      BOOST_TEST(!parse_make_flags(makeflags).dry_run);
    }
  }
}

BOOST_AUTO_TEST_CASE(variables_behind_the_options_are_none) {
  const auto flags = parse_make_flags(" -j4 -- F=--jobserver-auth=3,4 --jobserver-auth=3,4 -j7");
  BOOST_TEST(!flags.jobserver);
  BOOST_TEST(*flags.jobs == 4U);
}

BOOST_AUTO_TEST_CASE(a_backslash_keeps_a_blank_within_a_word) {
  const auto fifo = jobserver_of<JobserverFifo>(R"( --jobserver-auth=fifo:/a\ b\\c -j2)");
  BOOST_REQUIRE(fifo.has_value());
  BOOST_TEST(fifo->path == R"(/a b\c)");
  BOOST_TEST(!parse_make_flags(R"(k -Ia\ -j1)").jobs);
  BOOST_TEST(!parse_make_flags("\\").jobs);
}
