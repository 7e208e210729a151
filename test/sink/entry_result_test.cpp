#define BOOST_TEST_MODULE entry_result
#include "sink/entry_result.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>

using namespace ream;
using sink::EntryResult;

namespace {

FileJob job(std::string_view path, Content content = Bytes{""}) {
  FileJob made;
  made.path = path;
  made.content = content;
  return made;
}

}  // namespace

BOOST_AUTO_TEST_CASE(sizes_up_to_48_bits_come_back) {
  for (const std::uint64_t size :
       {UINT64_C(0), UINT64_C(1), UINT64_C(4096), UINT64_C(1) << 40, (UINT64_C(1) << 48) - 1}) {
    BOOST_TEST(EntryResult::file(size).size() == size);
  }
  BOOST_TEST(EntryResult::link().size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_failure_comes_back_with_the_path_it_concerned) {
  const auto entry = job("a/b/c");
  for (const char* path : {"a/b/c", "a/b", "a"}) {
    const Error error(Operation::open_directory, path, ENOTDIR, Reason::link_in_the_way);
    const auto again = EntryResult::failure(error, entry).error(entry);
    BOOST_TEST(std::string(again.what()) == error.what());
    BOOST_TEST(again.path() == path);
    BOOST_TEST(again.error_number() == ENOTDIR);
  }
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_source_names_the_source) {
  const auto entry = job("a/b", CopyOf{"elsewhere/blob"});
  const Error error(Operation::open, "elsewhere/blob", ENOENT);
  BOOST_TEST(EntryResult::failure(error, entry).error(entry).path() == "elsewhere/blob");
}

BOOST_AUTO_TEST_CASE(zero_bytes_are_no_result) {
  BOOST_TEST((EntryResult().kind() == EntryResult::Kind::none));
}
