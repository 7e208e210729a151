#define BOOST_TEST_MODULE mapped_file
#include "os/mapped_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <memory>

#include "os/errors.hpp"
#include "os/file.hpp"
#include "ream/process.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using os::MappedFile;

namespace {

constexpr std::size_t page = 4096;

struct Mapped {
  explicit Mapped(std::string_view content) {
    directory.write_file("file", content);
    fd.reset(::open((directory / "file").c_str(), O_RDWR | O_CLOEXEC));
    map = std::make_unique<MappedFile>(fd, content.size(), "file");
  }
  TemporaryDirectory directory;
  os::Fd fd;
  std::unique_ptr<MappedFile> map;
};

}  // namespace

BOOST_AUTO_TEST_CASE(it_shows_the_file) {
  const Mapped mapped("hello");
  BOOST_TEST(mapped.map->bytes() == "hello");
  BOOST_TEST(!mapped.map->was_truncated());
}

BOOST_AUTO_TEST_CASE(zeros_can_be_read_behind_the_end_also_of_a_full_page) {
  for (const std::size_t size : {std::size_t{1}, page - 1, page, page + 1, 3 * page}) {
    const Mapped mapped(std::string(size, 'x'));
    const char* end = mapped.map->bytes().data() + size;
    for (std::size_t i = 0; i < MappedFile::padding; ++i) BOOST_TEST(end[i] == '\0');
  }
}

BOOST_AUTO_TEST_CASE(an_empty_file_has_no_bytes) {
  BOOST_TEST(Mapped("").map->bytes().empty());
}

BOOST_AUTO_TEST_CASE(what_a_truncated_file_no_longer_has_reads_as_zeros_and_is_noticed) {
  const Mapped mapped(std::string(4 * page, 'x'));
  BOOST_REQUIRE(::ftruncate(mapped.fd.get(), page) == 0);
  const auto bytes = mapped.map->bytes();
  BOOST_TEST(bytes[0] == 'x');
  BOOST_TEST(!mapped.map->was_truncated());
  BOOST_TEST(bytes[2 * page] == '\0');
  BOOST_TEST(mapped.map->was_truncated());
}

BOOST_AUTO_TEST_CASE(a_child_notices_too) {
  const Mapped mapped(std::string(4 * page, 'x'));
  BOOST_REQUIRE(::ftruncate(mapped.fd.get(), 0) == 0);
  Process child([&] {
    const bool zero = mapped.map->bytes()[page] == '\0';
    std::exit(zero && mapped.map->was_truncated() ? 0 : 1);
  });
  child.start();
  child.join();
  BOOST_TEST(child.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(a_fault_elsewhere_still_ends_the_process) {
  Process child([] {
    ::signal(SIGBUS, SIG_DFL);  // a sanitizer's handler would report it instead
    const Mapped mapped("x");
    ::raise(SIGBUS);
  });
  child.start();
  child.join();
  BOOST_TEST(child.exitcode().value() == -SIGBUS);
}

BOOST_AUTO_TEST_CASE(the_handler_is_gone_with_the_last_mapping) {
  struct sigaction before {};
  struct sigaction during {};
  struct sigaction after {};
  ::sigaction(SIGBUS, nullptr, &before);
  {
    const Mapped mapped("x");
    ::sigaction(SIGBUS, nullptr, &during);
  }
  ::sigaction(SIGBUS, nullptr, &after);
  BOOST_TEST((during.sa_handler != before.sa_handler));
  BOOST_TEST((after.sa_handler == before.sa_handler));
}

BOOST_AUTO_TEST_CASE(too_many_mappings_are_refused_by_name) {
  std::vector<std::unique_ptr<Mapped>> many;
  for (int i = 0; i < 16; ++i) many.push_back(std::make_unique<Mapped>("x"));
  BOOST_CHECK_THROW(Mapped("x"), Error);
}
