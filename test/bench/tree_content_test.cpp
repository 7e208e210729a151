// What a sample left is read, and why it is not where it cannot be.
#define BOOST_TEST_MODULE tree_content
#include "bench/tree_content.hpp"

#include <boost/test/unit_test.hpp>

#include "support/temporary_directory.hpp"
#include "support/without_root.hpp"

using namespace ream::bench;

BOOST_AUTO_TEST_CASE(names_and_places_make_no_difference_and_contents_do) {
  const TemporaryDirectory directory;
  const auto content_of = [&](const std::string& name, const std::string& content) {
    directory.make_directory("tree");
    directory.write_file("tree/" + name, content);
    const auto found = take_apart(directory / "tree");
    directory.remove("tree");
    return found;
  };
  BOOST_CHECK(content_of("a", "1") == content_of("deep/b", "1"));
  BOOST_CHECK(content_of("a", "1") != content_of("a", "2"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_told_with_the_reason) {
  const TemporaryDirectory directory;
  directory.write_file("tree/closed", "text");
  directory.set_mode("tree/closed", 0);
  directory.set_mode(".", 0755);
  const WithoutRoot nobody;
  BOOST_CHECK_EXCEPTION(take_apart(directory / "tree"), std::runtime_error, [](const auto& error) {
    const std::string text = error.what();
    return text.find("closed'") != text.npos && text.find("Permission denied") != text.npos;
  });
}
