#define BOOST_TEST_MODULE jobserver
#include "ream/jobserver.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

#include "ream/pool.hpp"
#include "support/children.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using ream::test::eventually;
using ream::test::Gate;
using ream::test::has_children;
using ream::test::open_descriptors;
using ream::test::Shared;

namespace {

const std::string four_tokens = "abcd";

std::string sorted(std::string tokens) {
  std::sort(tokens.begin(), tokens.end());
  return tokens;
}

// make, as far as a recipe can see it: tokens in a pipe that all have inherited, or in a FIFO with
// a name.
class TestServer {
 public:
  enum class Kind { pipe, blocking_pipe, fifo };

  explicit TestServer(Kind kind, const std::string& tokens = four_tokens) {
    if (kind == Kind::fifo) {
      name_ = (directory_ / "fifo").string();
      BOOST_REQUIRE(::mkfifo(name_.c_str(), 0600) == 0);
      read_ = write_ = ::open(name_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    } else {
      int ends[2];
      BOOST_REQUIRE(::pipe2(ends, kind == Kind::pipe ? O_NONBLOCK : 0) == 0);
      read_ = ends[0];
      write_ = ends[1];
    }
    put(tokens);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer() {
    ::close(read_);
    if (write_ != read_) ::close(write_);
  }

  int read_end() const { return read_; }
  int write_end() const { return write_; }

  std::string makeflags(const std::string& before = "-j8") const {
    const auto where = name_.empty() ? fmt::format("{},{}", read_, write_) : "fifo:" + name_;
    return " " + before + " --jobserver-auth=" + where;
  }

  void put(const std::string& tokens) const {
    BOOST_REQUIRE(::write(write_, tokens.data(), tokens.size()) ==
                  static_cast<ssize_t>(tokens.size()));
  }

  // What is in it, sorted. It stays there: tee() copies, and takes nothing out.
  std::string tokens() const {
    std::string found(100, '\0');
    int copy[2];
    if (::pipe2(copy, O_CLOEXEC) != 0) std::abort();
    const auto length = ::tee(read_, copy[1], found.size(), SPLICE_F_NONBLOCK);
    found.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    if (length > 0 && ::read(copy[0], found.data(), found.size()) != length) std::abort();
    ::close(copy[0]);
    ::close(copy[1]);
    return sorted(found);
  }

 private:
  TemporaryDirectory directory_;
  std::string name_;
  int read_ = -1;
  int write_ = -1;
};

using Kind = TestServer::Kind;
constexpr Kind all_kinds[] = {Kind::pipe, Kind::blocking_pipe, Kind::fifo};

PoolOptions options_for(const MakeJobs& make, unsigned workers = 8) {
  PoolOptions options;
  options.workers = workers;
  options.slots = make.slots.get();
  return options;
}

// How many of the jobs run, now and at most.
class Crowd {
 public:
  void enter() const {
    const int now = ++*now_;
    int most = *most_;
    while (most < now && !most_->compare_exchange_weak(most, now)) {
    }
  }
  void leave() const { --*now_; }
  int now() const { return *now_; }
  int most() const { return *most_; }

 private:
  Shared<std::atomic<int>> now_;
  Shared<std::atomic<int>> most_;
};

void sleep_a_little() {
  ::usleep(5000);
}

[[noreturn]] void die_by(int signal) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  std::abort();
}

// In a job, which fails where that does not come true. It must not die: it would be tried again.
void require_soon(const std::function<bool()>& condition) {
  if (!eventually(condition)) throw std::runtime_error("in vain");
}

template <class Run>
std::uint64_t count_done(const Run& run) {
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < run.size(); ++i) count += run.state(i) == JobState::done;
  return count;
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_has_a_worker_by_right_and_one_for_each_token_and_gives_all_back) {
  for (const auto kind : all_kinds) {
    for (const auto placement : {Placement::pooled, Placement::process_per_job}) {
      const TestServer server(kind, "xy");
      const auto make = make_jobs(server.makeflags());
      BOOST_TEST(make.warning == "");
      BOOST_REQUIRE(make.slots);
      const Crowd crowd;
      auto options = options_for(make);
      options.placement = placement;
      const auto run = run_jobs<int>(
          60,
          [&](std::uint64_t, Job<int>&) {
            crowd.enter();
            eventually([&] { return crowd.most() == 3; }, std::chrono::milliseconds(200));
            sleep_a_little();
            crowd.leave();
          },
          {}, options);
      BOOST_TEST(count_done(run) == 60U);
      BOOST_TEST(crowd.most() == 3);
      BOOST_TEST(run.workers().size() == 3U);
      BOOST_TEST(server.tokens() == "xy");
    }
  }
}

BOOST_AUTO_TEST_CASE(no_more_tokens_are_taken_than_there_is_work_or_workers_are_wanted) {
  const TestServer server(Kind::pipe);
  const auto make = make_jobs(server.makeflags());
  Shared<std::atomic<int>> fewest;
  *fewest = 99;
  const auto watch = [&](std::uint64_t, Job<int>&) {
    ::usleep(50'000);
    const int left = static_cast<int>(server.tokens().size());
    *fewest = std::min(fewest->load(), left);
  };
  run_jobs<int>(2, watch, {}, options_for(make));
  BOOST_TEST(*fewest == 3);
  *fewest = 99;
  run_jobs<int>(1, watch, {}, options_for(make));
  BOOST_TEST(*fewest == 4);
  *fewest = 99;
  auto options = options_for(make);
  options.placement = Placement::in_process;
  run_jobs<int>(2, watch, {}, options);
  BOOST_TEST(*fewest == 4);
  BOOST_TEST(server.tokens() == four_tokens);
}

BOOST_AUTO_TEST_CASE(workers_join_in_the_middle_of_a_run_when_a_token_is_put_in) {
  for (const auto kind : all_kinds) {
    const TestServer server(kind, "");
    const auto make = make_jobs(server.makeflags());
    const Crowd crowd;
    const auto run = run_jobs<int>(
        3,
        [&](std::uint64_t index, Job<int>&) {
          crowd.enter();
          if (index == 0) {
            ::usleep(50'000);
            BOOST_TEST(crowd.most() == 1);
            server.put("\x01\xff");
          }
          // All three jobs run at once, or this takes as long as eventually() waits.
          require_soon([&] { return crowd.most() == 3; });
          crowd.leave();
        },
        {}, options_for(make));
    BOOST_TEST(count_done(run) == 3U);
    BOOST_TEST(run.workers().size() == 3U);
    BOOST_TEST(server.tokens() == sorted("\x01\xff"));
  }
}

BOOST_AUTO_TEST_CASE(a_token_comes_back_as_soon_as_its_worker_has_ended) {
  const TestServer server(Kind::pipe, "ab");
  const auto make = make_jobs(server.makeflags());
  const Shared<std::atomic<bool>> all_run;
  const auto run = run_jobs<int>(
      3,
      [&](std::uint64_t index, Job<int>&) {
        require_soon([&] { return *all_run || server.tokens() == ""; });
        *all_run = true;
        if (index == 0) require_soon([&] { return server.tokens() == "ab"; });
      },
      {}, options_for(make));
  BOOST_TEST(count_done(run) == 3U);
  BOOST_TEST(server.tokens() == "ab");
}

BOOST_AUTO_TEST_CASE(who_is_quicker_has_the_token_and_nobody_waits_for_ever) {
  const TestServer server(Kind::blocking_pipe, "");
  const auto mine = make_jobs(server.makeflags());
  const auto theirs = make_jobs(server.makeflags());
  server.put("z");
  BOOST_TEST(theirs.slots->try_acquire());
  BOOST_TEST(!mine.slots->try_acquire());
  theirs.slots->release();
  BOOST_TEST(mine.slots->try_acquire());
  mine.slots->release();
  BOOST_TEST(server.tokens() == "z");
}

BOOST_AUTO_TEST_CASE(the_very_bytes_come_back_each_of_them) {
  const std::string distinct("\x00\x01+\x7f\x80\xff", 6);
  for (const auto kind : all_kinds) {
    const TestServer server(kind, distinct);
    const auto make = make_jobs(server.makeflags());
    const Crowd crowd;
    run_jobs<int>(
        20,
        [&](std::uint64_t, Job<int>&) {
          crowd.enter();
          eventually([&] { return crowd.most() >= 7; });
        },
        {}, options_for(make));
    BOOST_TEST(crowd.most() >= 7);
    BOOST_TEST(server.tokens() == sorted(distinct));
  }
}

BOOST_AUTO_TEST_CASE(tokens_come_back_after_jobs_that_failed) {
  const TestServer server(Kind::pipe);
  const auto make = make_jobs(server.makeflags());
  const auto run = run_jobs<int>(
      50,
      [](std::uint64_t, Job<int>&) {
        sleep_a_little();
        throw std::runtime_error("no");
      },
      {}, options_for(make));
  BOOST_TEST(count_done(run) == 0U);
  BOOST_TEST(server.tokens() == four_tokens);
}

BOOST_AUTO_TEST_CASE(tokens_come_back_when_the_driver_throws) {
  const TestServer server(Kind::pipe);
  const auto make = make_jobs(server.makeflags());
  const Crowd crowd;
  auto options = options_for(make);
  options.progress_interval = std::chrono::milliseconds(1);
  options.on_progress = [&](const PoolProgress&) {
    if (crowd.now() != 5) return;
    BOOST_TEST(server.tokens() == "");
    throw std::runtime_error("enough");
  };
  const auto run = [&] {
    run_jobs<int>(
        8,
        [&](std::uint64_t, Job<int>&) {
          crowd.enter();
          ::sleep(60);
        },
        {}, options);
  };
  BOOST_CHECK_THROW(run(), std::runtime_error);
  BOOST_TEST(!has_children());
  BOOST_TEST(server.tokens() == four_tokens);
}

BOOST_AUTO_TEST_CASE(tokens_come_back_where_no_process_can_be_started) {
#ifdef __SANITIZE_ADDRESS__
  BOOST_TEST_MESSAGE("skipped: a sanitizer needs descriptors of its own");
#else
  const TestServer server(Kind::pipe);
  const auto make = make_jobs(server.makeflags());
  run_jobs<int>(
      1, [](std::uint64_t, Job<int>&) {}, {}, options_for(make));  // what stays open
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  for (const std::size_t room : {2U, 3U}) {
    const rlimit few{open_descriptors() - 1 + room, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    const auto run = run_jobs<int>(
        100, [](std::uint64_t, Job<int>&) { sleep_a_little(); }, {}, options_for(make));
    ::setrlimit(RLIMIT_NOFILE, &before);
    BOOST_TEST(count_done(run) == 100U);
    BOOST_TEST(run.workers().size() < 5U);
    BOOST_TEST(server.tokens() == four_tokens);
  }
#endif
}

BOOST_AUTO_TEST_CASE(killed_workers_take_no_token_along_and_others_have_their_leave) {
  for (const auto placement : {Placement::pooled, Placement::process_per_job}) {
    const TestServer server(Kind::blocking_pipe, "kl");
    const auto make = make_jobs(server.makeflags());
    Shared<std::array<std::atomic<int>, 60>> tries;
    auto options = options_for(make);
    options.placement = placement;
    const auto run = run_jobs<int>(
        60,
        [&](std::uint64_t index, Job<int>&) {
          ::usleep(1000);
          if (index % 10 == 3 && ++(*tries)[index] == 1) die_by(SIGKILL);
          if (index == 57) die_by(SIGSEGV);  // every time
        },
        {}, options);
    BOOST_TEST(count_done(run) == 59U);
    BOOST_TEST(run.killers().size() == 1U);
    BOOST_TEST(server.tokens() == "kl");
  }
}

BOOST_AUTO_TEST_CASE(workers_that_die_are_never_more_than_leave_is_for) {
  const TestServer server(Kind::pipe, "ab");
  const auto make = make_jobs(server.makeflags());
  Shared<std::array<std::atomic<pid_t>, 3>> seats;
  Shared<std::atomic<int>> standing;
  const auto take_seat = [&] {
    for (auto& seat : *seats) {
      pid_t owner = seat;
      const bool is_free = owner == 0 || ::kill(owner, 0) != 0;
      if (is_free && seat.compare_exchange_strong(owner, ::getpid())) return;
    }
    ++*standing;
  };
  run_jobs<int>(
      40,
      [&](std::uint64_t index, Job<int>&) {
        if (std::none_of(seats->begin(), seats->end(),
                         [](const auto& seat) { return seat == ::getpid(); })) {
          take_seat();
        }
        sleep_a_little();
        if (index % 4 == 0) die_by(SIGKILL);
      },
      {}, options_for(make));
  BOOST_TEST(*standing == 0);
  BOOST_TEST(server.tokens() == "ab");
}

BOOST_AUTO_TEST_CASE(tokens_come_back_after_one_stop_signal_and_after_two) {
  for (const int signals : {1, 2}) {
    for (const int signal : {SIGINT, SIGTERM}) {
      const TestServer server(Kind::pipe);
      const auto make = make_jobs(server.makeflags());
      auto options = options_for(make);
      options.stop_signals = {SIGINT, SIGTERM};
      const pid_t driver = ::getpid();
      const Crowd crowd;
      const auto run = run_jobs<int>(
          10'000,
          [&](std::uint64_t index, Job<int>&) {
            crowd.enter();
            require_soon([&] { return crowd.most() >= 5; });
            if (index == 0) {
              for (int i = 0; i < signals; ++i) {
                ::kill(driver, signal);
                ::usleep(50'000);
              }
            }
            if (signals == 2) ::sleep(60);
            sleep_a_little();
          },
          {}, options);
      BOOST_TEST((run.stopped_by() == signal));
      BOOST_TEST(count_done(run) < 10'000U);
      BOOST_TEST(server.tokens() == four_tokens);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_still_held_comes_back_with_the_end_of_the_jobserver) {
  const TestServer server(Kind::fifo);
  {
    const auto make = make_jobs(server.makeflags());
    BOOST_TEST(make.slots->try_acquire());
    BOOST_TEST(make.slots->try_acquire());
    BOOST_TEST(server.tokens().size() == 2U);
  }
  BOOST_TEST(server.tokens() == four_tokens);
}

BOOST_AUTO_TEST_CASE(whether_the_shared_descriptors_block_is_left_as_it_is) {
  for (const auto kind : {Kind::pipe, Kind::blocking_pipe}) {
    const TestServer server(kind);
    const int read_flags = ::fcntl(server.read_end(), F_GETFL);
    const int write_flags = ::fcntl(server.write_end(), F_GETFL);
    const int inherited = ::fcntl(server.read_end(), F_GETFD);
    const auto make = make_jobs(server.makeflags());
    run_jobs<int>(
        20,
        [&](std::uint64_t, Job<int>& job) {
          job.result() = ::fcntl(server.read_end(), F_GETFL);
          sleep_a_little();
        },
        {}, options_for(make));
    BOOST_TEST(::fcntl(server.read_end(), F_GETFL) == read_flags);
    BOOST_TEST(::fcntl(server.write_end(), F_GETFL) == write_flags);
    BOOST_TEST(::fcntl(server.read_end(), F_GETFD) == inherited);
    BOOST_TEST(((read_flags & O_NONBLOCK) != 0) == (kind == Kind::pipe));
  }
}

BOOST_AUTO_TEST_CASE(a_worker_has_no_descriptor_of_the_jobserver_that_its_driver_opened) {
  for (const auto kind : all_kinds) {
    const TestServer server(kind);
    const auto outside = open_descriptors();
    const auto make = make_jobs(server.makeflags());
    BOOST_TEST(open_descriptors() == outside + 2);
    const auto run = run_jobs<std::size_t>(
        20, [](std::uint64_t, Job<std::size_t>& job) { job.result() = open_descriptors(); }, {},
        options_for(make));
    for (std::uint64_t i = 0; i < run.size(); ++i) BOOST_TEST(run.result(i) == outside);
  }
}

BOOST_AUTO_TEST_CASE(descriptors_that_are_no_pipe_of_a_jobserver_give_a_warning_and_one_worker) {
  const TestServer server(Kind::pipe);
  const TestServer other(Kind::pipe);
  const TemporaryDirectory directory;
  directory.write_file("file", "abcd");
  const int file = ::open((directory / "file").c_str(), O_RDWR | O_CLOEXEC);
  const int closed = ::dup(file);
  ::close(closed);
  const std::pair<int, int> numbers[] = {
      {closed, closed},
      {-2, -2},
      {file, file},
      {server.read_end(), closed},
      {server.read_end(), file},
      {server.read_end(), other.write_end()},
      {server.write_end(), server.read_end()},
      {server.read_end(), server.read_end()},
  };
  for (const auto& [read, write] : numbers) {
    for (const char* option : {"auth", "fds"}) {
      const auto word = fmt::format("--jobserver-{}={},{}", option, read, write);
      const auto make = make_jobs(" -j4 " + word);
      BOOST_TEST_CONTEXT(make.warning) {
        BOOST_TEST(make.workers == 1U);
        BOOST_TEST(!make.slots);
        BOOST_TEST(mentions(make.warning, "'" + word + "'"));
        BOOST_TEST(mentions(make.warning, "put + before the recipe line (or use $(MAKE)"));
      }
    }
  }
  ::close(file);
  BOOST_TEST(directory.read_file("file") == "abcd");
  BOOST_TEST(server.tokens() == four_tokens);
}

BOOST_AUTO_TEST_CASE(a_fifo_that_is_none_or_cannot_be_opened_gives_a_warning_and_one_worker) {
  const TemporaryDirectory directory;
  directory.write_file("file", "abcd");
  for (const char* name : {"absent", "file"}) {
    const auto make = make_jobs(" -j4 --jobserver-auth=fifo:" + (directory / name).string());
    BOOST_TEST(make.workers == 1U);
    BOOST_TEST(!make.slots);
    BOOST_TEST(mentions(make.warning, name));
    BOOST_TEST(mentions(make.warning, "names no FIFO; run it from a recipe"), make.warning);
  }
  BOOST_TEST(directory.read_file("file") == "abcd");
  const auto unknown = make_jobs(" -j4 --jobserver-auth=sem:x");
  BOOST_TEST(unknown.workers == 1U);
  BOOST_TEST(mentions(unknown.warning, "sem:x"));
}

BOOST_AUTO_TEST_CASE(make_without_a_jobserver_allows_what_it_says) {
  const auto plain = make_jobs("");
  BOOST_TEST(plain.workers == 0U);
  const auto unlimited = make_jobs(" -j");
  BOOST_TEST(unlimited.workers == 0U);
  const auto one = make_jobs(" -j1");
  BOOST_TEST(one.workers == 1U);
  for (const auto* make : {&plain, &unlimited, &one}) {
    BOOST_TEST(!make->slots);
    BOOST_TEST(make->warning == "");
  }
}

BOOST_AUTO_TEST_CASE(the_n_of_make_jn_is_the_most_that_are_wanted) {
  const TestServer server(Kind::pipe);
  BOOST_TEST(make_jobs(server.makeflags("-j3")).workers == 3U);
  BOOST_TEST(make_jobs(server.makeflags("-j")).workers == 0U);
}
