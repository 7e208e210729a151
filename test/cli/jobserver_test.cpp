#define BOOST_TEST_MODULE jobserver
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "ream/process.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

struct Seen {
  pid_t parent = 0;
  bool is_ream = false;
};

// What runs in the process group of `make`.
std::map<pid_t, Seen> processes_of(pid_t group) {
  std::map<pid_t, Seen> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file((entry.path() / "stat").string());
    std::string text;
    // "pid (name) state parent group ..."
    if (!std::getline(file, text)) continue;
    const auto name_end = text.rfind(')');
    if (name_end == text.npos) continue;
    std::istringstream rest(text.substr(name_end + 1));
    char state = 'Z';
    pid_t parent = 0;
    pid_t its_group = 0;
    rest >> state >> parent >> its_group;
    if (its_group != group || state == 'Z' || state == 'X') continue;
    const auto name_begin = text.find('(') + 1;
    found[std::stoi(text)] = {parent, text.substr(name_begin, name_end - name_begin) == "ream"};
  }
  return found;
}

// Their drivers by the pids of workers. make, or its shell, is the parent of a driver, which is the
// parent of its workers; theirs are the processes of single files.
std::map<pid_t, pid_t> drivers_of_workers(pid_t group) {
  const auto processes = processes_of(group);
  const auto is_ream = [&](pid_t pid) {
    const auto found = processes.find(pid);
    return found != processes.end() && found->second.is_ream;
  };
  std::map<pid_t, pid_t> drivers;
  for (const auto& [pid, seen] : processes) {
    if (!is_ream(pid) || !is_ream(seen.parent)) continue;
    if (!is_ream(processes.at(seen.parent).parent)) drivers[pid] = seen.parent;
  }
  return drivers;
}

// Those that were all there at one moment: that between two looks, both of which saw them.
std::map<pid_t, pid_t> workers_at_once(pid_t group) {
  auto workers = drivers_of_workers(group);
  const auto later = drivers_of_workers(group);
  std::erase_if(workers, [&](const auto& worker) { return !later.contains(worker.first); });
  return workers;
}

struct Crowd {
  std::size_t most = 0;     // workers at one moment
  std::size_t drivers = 0;  // that were seen with workers
};

Crowd watch(const Running& make) {
  Crowd crowd;
  std::set<pid_t> drivers;
  while (make.anyone_left()) {
    const auto workers = workers_at_once(make.pid());
    for (const auto& [worker, driver] : workers) drivers.insert(driver);
    crowd.most = std::max(crowd.most, workers.size());
  }
  crowd.drivers = drivers.size();
  return crowd;
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

// make says so itself where it has less or more at its end than it had.
bool complains_of_tokens(const Ended& make) {
  return mentions(make.err, "jobserver tokens");
}

// A directory with a Makefile in it.
class Project {
 public:
  explicit Project(const std::string& makefile) {
    directory_.write_file("Makefile", "REAM = " REAM_PROGRAM "\n" + makefile);
  }

  RunOptions in_it() const {
    RunOptions options;
    options.directory = directory_.path().string();
    return options;
  }
  Ended make(const std::vector<std::string>& arguments) const {
    return run("make", arguments, in_it());
  }
  std::int64_t count_files(std::string_view name) const {
    return std::distance(fs::directory_iterator(directory_ / name), fs::directory_iterator());
  }
  const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_;
};

// A process for each file: slow enough to be seen, and small. The other recipe gives its token
// back.
Project project_with_a_batch(const std::string& count) {
  return Project(
      "all: batch other\n"
      "batch:\n"
      "\t+@$(REAM) generate -q --list none --atomic file --process-per-file --count " +
      count +
      " out\n"
      "other:\n"
      "\t@sleep 0.1\n");
}

// Waits until the only batch has as many workers as make -j3 allows.
std::map<pid_t, pid_t> wait_for_three_workers(const Running& make) {
  std::map<pid_t, pid_t> workers;
  BOOST_REQUIRE(eventually([&] {
    workers = workers_at_once(make.pid());
    return workers.size() == 3;
  }));
  return workers;
}

// The jobserver of make 4.4: a FIFO with a name.
class Fifo {
 public:
  explicit Fifo(const std::string& tokens) : name_((directory_ / "fifo").string()) {
    BOOST_REQUIRE(::mkfifo(name_.c_str(), 0600) == 0);
    fd_ = ::open(name_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    BOOST_REQUIRE(::write(fd_, tokens.data(), tokens.size()) > 0);
  }
  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;
  ~Fifo() { ::close(fd_); }

  std::string makeflags() const { return " -j8 --jobserver-auth=fifo:" + name_; }

  int count() const {
    int bytes = 0;
    ::ioctl(fd_, FIONREAD, &bytes);
    return bytes;
  }

  // All that are there, sorted.
  std::string take() {
    std::string tokens(100, '\0');
    tokens.resize(
        static_cast<std::size_t>(std::max<ssize_t>(::read(fd_, tokens.data(), tokens.size()), 0)));
    std::sort(tokens.begin(), tokens.end());
    return tokens;
  }

 private:
  TemporaryDirectory directory_;
  std::string name_;
  int fd_ = -1;
};

RunOptions under(const Fifo& fifo, const TemporaryDirectory& directory) {
  RunOptions options;
  options.directory = directory.path().string();
  options.environment["MAKEFLAGS"] = fifo.makeflags();
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(recipes_that_run_at_once_have_no_more_workers_than_make_allows) {
  const Project project(R"(
all: 1 2 3 4 5 6 7 8
1 2 3 4 5 6 7 8:
	+@$(REAM) generate -q --list none --process-per-file --count 150 out$@
)");
  Running make("make", {"-j4"}, project.in_it());
  const auto crowd = watch(make);
  const auto ended = make.wait();
  BOOST_TEST_CONTEXT(ended.err) {
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(crowd.most <= 4U);
    BOOST_TEST(crowd.most > 2U);
    BOOST_TEST(crowd.drivers > 4U);
    BOOST_TEST(!complains_of_tokens(ended));
  }
  for (int i = 1; i <= 8; ++i) BOOST_TEST(project.count_files("out" + std::to_string(i)) == 150);
}

BOOST_AUTO_TEST_CASE(a_killed_worker_costs_no_token_and_no_file) {
  const auto project = project_with_a_batch("1500");
  Running make("make", {"-j3"}, project.in_it());
  for (int i = 0; i < 3; ++i) ::kill(wait_for_three_workers(make).begin()->first, SIGKILL);
  const auto ended = make.wait();
  BOOST_TEST_CONTEXT(ended.err) {
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(!complains_of_tokens(ended));
    BOOST_TEST(project.count_files("out") == 1500);
  }
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_interrupted_gives_its_tokens_back) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    const auto project = project_with_a_batch("100000");
    Running make("make", {"-j3"}, project.in_it());
    ::kill(wait_for_three_workers(make).begin()->second, signal);
    const auto ended = make.wait();
    BOOST_TEST_CONTEXT(ended.err) {
      BOOST_TEST(ended.exit_code == 2);
      BOOST_TEST(mentions(ended.err, "files are complete"));
      BOOST_TEST(!complains_of_tokens(ended));
    }
  }
}

BOOST_AUTO_TEST_CASE(ctrl_c_in_a_terminal_takes_no_token_from_make) {
  for (const int signal : {SIGINT, SIGQUIT}) {
    const auto project = project_with_a_batch("100000");
    Running make("make", {"-j3"}, project.in_it());
    wait_for_three_workers(make);
    make.send_signal_to_group(signal);
    const auto ended = make.wait();
    BOOST_TEST_CONTEXT(ended.err) {
      const bool ended_by_it = signal == SIGQUIT ? ended.exit_code == 1  // make spares a core dump
                                                 : ended.signal == signal;
      BOOST_TEST(ended_by_it, "exit code " << ended.exit_code << ", signal " << ended.signal);
      BOOST_TEST(!complains_of_tokens(ended));
      BOOST_TEST(eventually([&] { return !make.anyone_left(); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_driver_that_is_killed_cannot_give_its_tokens_back_and_make_says_so) {
  const auto project = project_with_a_batch("100000");
  Running make("make", {"-j3"}, project.in_it());
  ::kill(wait_for_three_workers(make).begin()->second, SIGKILL);
  BOOST_TEST(complains_of_tokens(make.wait()));  // else the other tests would prove nothing
}

BOOST_AUTO_TEST_CASE(a_batch_that_fails_gives_its_tokens_back) {
  const Project project(
      "all:\n\t+@$(REAM) write -q --atomic file --process-per-file manifest out\n");
  std::string manifest;
  for (int i = 0; i < 200; ++i) {
    manifest += fmt::format(R"({{"path": "{}", "content": "x"{}}})"
                            "\n",
                            i, i == 150 ? fmt::format(R"(, "sha256": "{:064}")", 0) : "");
  }
  project.directory().write_file("manifest", manifest);
  const auto ended = project.make({"-j4"});
  BOOST_TEST_CONTEXT(ended.err) {
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(mentions(ended.err, "'150'"));
    BOOST_TEST(mentions(ended.err, "Error 1"));
    BOOST_TEST(!complains_of_tokens(ended));
  }
}

BOOST_AUTO_TEST_CASE(a_recipe_that_is_not_taken_for_a_make_has_one_worker_and_is_told_why) {
  const Project project(R"(
bare:
	@$(REAM) generate --list none bare
serial:
	@$(REAM) generate --list none --serial serial
jobs:
	@$(REAM) generate --list none -j2 jobs
)");
  const auto bare = project.make({"-j4", "bare"});
  BOOST_TEST_CONTEXT(bare.err) {
    BOOST_TEST(bare.exit_code == 0);
    BOOST_TEST(mentions(bare.err, "ream: warning: "));
    BOOST_TEST(mentions(bare.err, "put + before the recipe line"));
    BOOST_TEST(mentions(bare.err, "by 1 worker\n"));
  }
  for (const char* target : {"serial", "jobs"}) {
    const auto ended = project.make({"-j4", target});
    BOOST_TEST_CONTEXT(ended.err) {
      BOOST_TEST(ended.exit_code == 0);
      BOOST_TEST(!mentions(ended.err, "warning"));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_job_is_one_worker_and_no_word_of_make_leaves_the_default) {
  const Project project("all:\n\t+@$(REAM) generate --list none out\n");
  const auto by_default = fmt::format("by {} worker", ream::cpu_count());
  BOOST_TEST(mentions(project.make({}).err, by_default));
  project.directory().remove("out");
  BOOST_TEST(mentions(project.make({"-j"}).err, by_default));
  project.directory().remove("out");
  BOOST_TEST(mentions(project.make({"-j1"}).err, "by 1 worker\n"));
}

BOOST_AUTO_TEST_CASE(what_the_user_says_goes_before_what_make_says) {
  const TemporaryDirectory directory;
  Fifo fifo("ab");
  auto options = under(fifo, directory);
  const auto workers_of = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"generate", "--list", "none", "--process-per-file"};
    words.insert(words.end(), more.begin(), more.end());
    words.emplace_back("out");
    const auto ended = run_ream(words, options);
    directory.remove("out");
    const auto by = ended.err.rfind("by ");
    return by == ended.err.npos ? ended.err : ended.err.substr(by);
  };
  BOOST_TEST(workers_of({"--count", "200"}) == "by 3 workers\n");
  BOOST_TEST(fifo.count() == 2);
  options.environment["REAM_JOBS"] = "5";
  BOOST_TEST(workers_of({}) == "by 5 workers\n");
  BOOST_TEST(workers_of({"--jobs", "6"}) == "by 6 workers\n");
  options.environment["REAM_JOBS"] = "";
  BOOST_TEST(workers_of({"--count", "200"}) == "by 3 workers\n");
  options.environment["REAM_JOBS"] = "many";
  BOOST_TEST(mentions(workers_of({}), "ream: REAM_JOBS 'many': a whole number from 1 to 4096"));
  BOOST_TEST(fifo.take() == "ab");
}

BOOST_AUTO_TEST_CASE(a_check_that_is_interrupted_gives_its_tokens_back) {
  const TemporaryDirectory directory;
  std::string manifest;
  for (int i = 0; i < 200'000; ++i) {
    manifest += R"({"path": "l)" + std::to_string(i) + "\", \"content\": \"\"}\n";
  }
  directory.write_file("manifest", manifest);
  Fifo fifo("xyz");
  Running running(REAM_PROGRAM, {"write", "--atomic", "file", "manifest", "out"},
                  under(fifo, directory));
  BOOST_REQUIRE(eventually([&] { return fifo.count() < 3; }));
  running.send_signal(SIGINT);
  const auto ended = running.wait();
  BOOST_TEST(ended.signal == SIGINT);
  BOOST_TEST(mentions(ended.err, "stopped by SIGINT: 0 of 200,000 files are complete"));
  BOOST_TEST(!directory.contains("out"));
  BOOST_TEST(fifo.take() == "xyz");
}

BOOST_AUTO_TEST_CASE(verify_asks_for_leave_too) {
  const TemporaryDirectory directory;
  directory.write_file("out/f", std::string(1 << 20, '='));
  RunOptions options;
  options.directory = directory.path().string();
  const auto sums = run("sha256sum", {"f"}, {.directory = (directory / "out").string()}).out;
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += sums;
  directory.write_file("sums", lines);
  Fifo fifo("pq");
  Running running(REAM_PROGRAM, {"verify", "--sums", "sums", "out"}, under(fifo, directory));
  BOOST_TEST(eventually([&] { return fifo.count() == 0; }));
  BOOST_TEST(running.wait().exit_code == 0);
  BOOST_TEST(fifo.take() == "pq");
}
