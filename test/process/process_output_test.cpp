// What parent and child print is printed once, and which exit handlers run where.
#define BOOST_TEST_MODULE process_output
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/forked_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using namespace ream::test;

namespace {

// To all five, with nothing flushed: the buffers are too large for it. What is not unbuffered by
// itself is made so that only a flush brings it out.
void say_everywhere(std::string_view who) {
  std::cout << who << " cout\n";
  std::clog << who << " clog\n";
  std::cerr << who << " cerr\n";
  std::fprintf(stdout, "%s stdout\n", who.data());
  std::fprintf(stderr, "%s stderr\n", who.data());
}

// Streams with buffers of their own, which nobody flushes by chance.
void buffer_everything() {
  static char of_stdout[4096];
  static char of_stderr[4096];
  std::ios::sync_with_stdio(false);
  std::setvbuf(stdout, of_stdout, _IOFBF, sizeof of_stdout);
  std::setvbuf(stderr, of_stderr, _IOFBF, sizeof of_stderr);
  std::cerr << std::nounitbuf;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void check_each_is_said_once(const Ended& ended, std::string_view who) {
  for (const char* stream : {" cout\n", " stdout\n"}) {
    BOOST_TEST(times(ended.out, std::string(who) + stream) == 1U);
  }
  for (const char* stream : {" clog\n", " cerr\n", " stderr\n"}) {
    BOOST_TEST(times(ended.err, std::string(who) + stream) == 1U);
  }
}

const std::pair<const char*, std::function<void()>> ends[] = {
    {"return", [] {}},
    {"exit", [] { std::exit(3); }},
    {"exception", [] { throw std::runtime_error("expected"); }},
};

void run_child(const std::function<void()>& function) {
  Process process(function);
  process.start();
  process.join();
}

}  // namespace

BOOST_AUTO_TEST_CASE(nothing_is_printed_twice_and_nothing_is_lost) {
  for (const bool buffered : {false, true}) {
    for (const auto& [how, end] : ends) {
      const auto ended = run_forked([&end = end, buffered] {
        if (buffered) buffer_everything();
        say_everywhere("before");
        run_child([&] {
          say_everywhere("child");
          end();
        });
        say_everywhere("after");
      });
      BOOST_TEST_CONTEXT(how << (buffered ? ", buffered" : "")) {
        BOOST_TEST(ended.exit_code == 0);
        for (const char* who : {"before", "child", "after"}) check_each_is_said_once(ended, who);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_was_printed_before_comes_before_what_the_child_prints) {
  const auto ended = run_forked([] {
    std::ios::sync_with_stdio(false);
    std::cout << "before ";
    run_child([] { std::cout << "child "; });
    std::cout << "after";
  });
  BOOST_TEST(ended.out == "before child after");
}

BOOST_AUTO_TEST_CASE(what_another_thread_prints_meanwhile_is_printed_once) {
  const auto ended = run_forked([] {
    std::atomic<bool> stopped{false};
    std::thread printer([&stopped] {
      for (int line = 0; !stopped; ++line) std::printf("%d\n", line);
    });
    for (int i = 0; i < 200; ++i) Process([] {}).start();
    stopped = true;
    printer.join();
  });
  std::istringstream lines(ended.out);
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) BOOST_REQUIRE(seen.insert(line).second);
  BOOST_TEST(seen.size() > 200U);
}

BOOST_AUTO_TEST_CASE(other_streams_of_the_parent_are_left_as_they_are) {
  const TemporaryDirectory directory;
  directory.write_file("file", "");
  const auto path = (directory / "file").native();
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fputs("buffered", file);
  run_child([] {});
  BOOST_TEST(directory.read_file("file") == "");  // neither the fork nor the child has flushed it
  run_child([] { std::exit(0); });
  BOOST_TEST(directory.read_file("file") == "");
  std::fclose(file);
  BOOST_TEST(directory.read_file("file") == "buffered");
}

BOOST_AUTO_TEST_CASE(streams_that_have_no_buffer_are_passed_over) {
  const auto ended = run_forked([] {
    for (std::ios* stream : {static_cast<std::ios*>(&std::cout), static_cast<std::ios*>(&std::cin),
                             static_cast<std::ios*>(&std::clog)}) {
      stream->rdbuf(nullptr);
    }
    run_child([] { std::cerr << "child\n"; });
  });
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err == "child\n");
}

BOOST_AUTO_TEST_CASE(the_child_never_runs_the_parents_exit_handlers) {
  struct Static {
    ~Static() { std::cout << "static " << this_process::name() << '\n'; }
  };
  for (const auto& [how, end] : ends) {
    const auto ended = run_forked([&end = end] {
      static const Static destroyed;
      std::atexit([] { std::cout << "before " << this_process::name() << '\n'; });
      run_child([] {});
      std::atexit([] { std::cout << "after " << this_process::name() << '\n'; });
      run_child(end);
    });
    BOOST_TEST_CONTEXT(how) {
      BOOST_TEST(ended.out == "after MainProcess\nbefore MainProcess\nstatic MainProcess\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(handlers_that_the_child_set_itself_run_on_exit) {
  const auto ended = run_forked([] {
    run_child([] {
      struct Static {
        ~Static() { std::cout << "static "; }
      };
      std::atexit([] { std::cout << "first "; });
      static const Static destroyed;
      std::atexit([] { std::cout << "last "; });
      std::exit(0);
    });
  });
  BOOST_TEST(ended.out == "last static first ");
}

BOOST_AUTO_TEST_CASE(exit_in_the_target_gives_its_code_to_the_handlers_too) {
  const auto ended = run_forked([] {
    run_child([] {
      ::on_exit([](int code, void*) { std::cout << "code " << code; }, nullptr);
      std::exit(7);
    });
  });
  BOOST_TEST(ended.out == "code 7");
}

BOOST_AUTO_TEST_CASE(a_childs_own_children_are_waited_for_and_what_they_print_is_not_lost) {
  for (const auto& [how, end] : ends) {
    const Gate go;
    const auto ended = run_forked([&, &end = end] {
      Process child([&] {
        auto& grandchild = never_destroyed<Process>([&] {
          go.wait();
          std::cout << "grandchild\n";
        });
        grandchild.start();
        Process opener([&] { go.open(); });
        opener.start();
        std::cout << "child\n";
        end();
      });
      child.start();
      child.join();
      std::cout << "parent\n";
    });
    BOOST_TEST_CONTEXT(how) {
      BOOST_TEST(times(ended.out, "grandchild\n") == 1U);
      BOOST_TEST(ended.out.ends_with("parent\n"));
    }
  }
}
