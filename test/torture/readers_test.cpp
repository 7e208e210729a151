// Who reads all the time while batches are written sees no file before it is whole, and no
// directory before all of it is there; and would see both if there were any.
#define BOOST_TEST_MODULE readers
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/fast_place.hpp"
#include "support/messages_are_seen.hpp"
#include "support/open_directory.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/torture.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

BOOST_TEST_GLOBAL_FIXTURE(MessagesAreSeen);

namespace {

// Batches of two kinds, told apart by what their files are filled with, and by their number.
constexpr std::size_t file_size = 32 << 10;

std::size_t count_of(char fill) {
  return fill == 'a' ? 100 : 120;
}

char fill_of(int round) {
  return round % 2 == 0 ? 'a' : 'b';
}

// What one look into a directory found.
struct Reading {
  std::size_t files = 0;
  std::size_t short_ones = 0;
  std::set<char> fills = {};

  bool is_whole_batch() const {
    return short_ones == 0 && fills.size() == 1 && files == count_of(*fills.begin());
  }
};

bool is_whole(const std::string& content) {
  return content.size() == file_size && content.find_first_not_of(content.front()) == content.npos;
}

// Nothing where it has gone, with all that is older.
std::optional<std::string> read_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string content(file_size + 1, '\0');  // one more, to see what is too long
  const auto got = ::read(fd, content.data(), content.size());
  ::close(fd);
  content.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return content;
}

void add_file(Reading& reading, const fs::path& path) {
  const auto content = read_file(path);
  if (!content) return;
  ++reading.files;
  reading.short_ones += !is_whole(*content);
  if (!content->empty()) reading.fills.insert(content->front());
}

Reading read_through(const OpenDirectory& directory) {
  Reading reading;
  directory.for_each_file([&](const fs::path& path) { add_file(reading, path); });
  return reading;
}

// What the reader and the test tell each other.
struct Talk {
  std::atomic<int> round = 0;     // of the batch that is written
  std::atomic<int> read_in = -1;  // the last round of which the reader has seen a file
  std::atomic<bool> writing = false;
  std::atomic<unsigned> absent = 0;
  std::atomic<unsigned> replaced = 0;  // during the look, which then counts for nothing
  std::atomic<unsigned> readings = 0;
  std::atomic<unsigned> while_writing = 0;  // looks of any kind
  std::atomic<unsigned> short_files = 0;
  std::atomic<unsigned> partial_batches = 0;
};

using PlaceOfRound = std::function<fs::path(int)>;

void look_at(const fs::path& place, int round, Talk& talk) {
  const OpenDirectory directory(place);
  if (!directory.is_open()) {
    ++talk.absent;
    return;
  }
  const auto reading = read_through(directory);
  if (!directory.has_its_name()) {
    ++talk.replaced;
    return;
  }
  ++talk.readings;
  talk.short_files += static_cast<unsigned>(reading.short_ones);
  talk.partial_batches += !reading.is_whole_batch();
  if (reading.files > 0) talk.read_in = round;
}

void look_once(const PlaceOfRound& place, Talk& talk) {
  const int round = talk.round;
  const bool writing = talk.writing;
  look_at(place(round), round, talk);
  talk.while_writing += writing && talk.writing && talk.round == round;
}

// Reads in a process of its own as long as it is there.
class Reader {
 public:
  explicit Reader(PlaceOfRound place)
      : process_({.name = "reader", .daemon = true}, [this, place = std::move(place)] {
          while (!done_.is_open()) look_once(place, *talk_);
        }) {
    process_.start();
  }
  ~Reader() {
    done_.open();
    process_.join();
  }

  Talk& talk() const noexcept { return *talk_; }

  // Nothing is taken away from under the reader before it has seen it.
  void wait_for(int round) const {
    BOOST_REQUIRE(eventually([&] { return talk_->read_in == round; }));
  }

 private:
  Gate done_;
  Shared<Talk> talk_;
  ream::Process process_;
};

// Asks all the time whether something is there, which takes less time than to read it.
class Watcher {
 public:
  explicit Watcher(fs::path place)
      : process_({.name = "watcher", .daemon = true}, [this, place = std::move(place)] {
          for (; !done_.is_open(); ++*looks_) *absent_ += ::access(place.c_str(), F_OK) != 0;
        }) {
    process_.start();
  }
  ~Watcher() {
    done_.open();
    process_.join();
  }

  unsigned looks() const { return *looks_; }
  unsigned absent() const { return *absent_; }

 private:
  Gate done_;
  Shared<std::atomic<unsigned>> looks_;
  Shared<std::atomic<unsigned>> absent_;
  ream::Process process_;
};

void write_batch(const fs::path& place, int round, const std::vector<std::string>& options) {
  std::vector<std::string> words = {"generate",
                                    "-q",
                                    "-j2",
                                    "--list",
                                    "none",
                                    "--size",
                                    std::to_string(file_size),
                                    "--fill",
                                    std::string(1, fill_of(round)),
                                    "--count",
                                    std::to_string(count_of(fill_of(round)))};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(place.native());
  const auto ended = run_ream(words);
  BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);
}

void write_while_read(const Reader& reader, const fs::path& place, int round,
                      const std::vector<std::string>& options) {
  reader.talk().writing = true;
  write_batch(place, round, options);
  reader.talk().writing = false;
  reader.wait_for(round);
}

// As many batches as told, each in a fresh directory, or until `enough` is true.
void write_fresh_batches(const Reader& reader, const PlaceOfRound& place, const char* atomic,
                         int rounds, const std::function<bool(const Talk&)>& enough) {
  auto& talk = reader.talk();
  for (int round = 0; round < rounds && !enough(talk); ++round) {
    talk.round = round;
    write_while_read(reader, place(round), round, {"--atomic", atomic});
    if (round > 0) fs::remove_all(place(round - 1));
  }
}

void tell(const char* what, const Talk& talk) {
  BOOST_TEST_MESSAGE(what << ": " << talk.readings << " readings, " << talk.absent
                          << " times absent, " << talk.replaced << " times replaced during a look, "
                          << talk.while_writing << " looks while a batch was written; "
                          << talk.short_files << " short files, " << talk.partial_batches
                          << " partial batches");
  BOOST_TEST(talk.while_writing > 0U);
}

bool never(const Talk&) {
  return false;
}

PlaceOfRound fresh_places(const TemporaryDirectory& directory) {
  return [&directory](int round) { return directory / ("out" + std::to_string(round)); };
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_file_is_short_where_each_appears_whole) {
  const TemporaryDirectory directory(fast_place());
  const auto place = fresh_places(directory);
  const Reader reader(place);
  write_fresh_batches(reader, place, "file", quick_or_torture(20, 200), never);
  tell("--atomic file", reader.talk());
  BOOST_TEST(reader.talk().short_files == 0U);
}

BOOST_AUTO_TEST_CASE(no_directory_is_partial_where_it_appears_whole) {
  const TemporaryDirectory directory(fast_place());
  const auto place = fresh_places(directory);
  const Reader reader(place);
  write_fresh_batches(reader, place, "batch", quick_or_torture(20, 200), never);
  tell("--atomic batch", reader.talk());
  BOOST_TEST(reader.talk().partial_batches == 0U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_replaced_is_the_old_or_the_new_one) {
  const TemporaryDirectory directory(fast_place());
  const auto place = directory / "out";
  write_batch(place, 1, {});
  const Reader reader([place](int) { return place; });
  const Watcher watcher(place);
  for (int round = 0; round < quick_or_torture(20, 200); ++round) {
    reader.talk().round = round;
    write_while_read(reader, place, round, {"--atomic", "batch", "--if-exists", "replace"});
  }
  tell("--atomic batch --if-exists replace", reader.talk());
  BOOST_TEST_MESSAGE(watcher.absent() << " of " << watcher.looks() << " quick looks found nothing");
  BOOST_TEST(reader.talk().absent + watcher.absent() == 0U);
  BOOST_TEST(reader.talk().partial_batches == 0U);
}

BOOST_AUTO_TEST_CASE(a_reader_sees_short_files_where_there_are_any) {
  const TemporaryDirectory directory(fast_place());
  const auto place = fresh_places(directory);
  const Reader reader(place);
  const auto enough = [](const Talk& talk) { return talk.short_files > 0; };
  write_fresh_batches(reader, place, "none", 1000, enough);
  tell("--atomic none", reader.talk());
  BOOST_TEST(reader.talk().short_files > 0U);
}

BOOST_AUTO_TEST_CASE(a_reader_sees_partial_directories_where_there_are_any) {
  const TemporaryDirectory directory(fast_place());
  const auto place = fresh_places(directory);
  const Reader reader(place);
  const auto enough = [](const Talk& talk) { return talk.partial_batches > 0; };
  write_fresh_batches(reader, place, "file", 1000, enough);
  tell("--atomic file, as a whole", reader.talk());
  BOOST_TEST(reader.talk().partial_batches > 0U);
}
