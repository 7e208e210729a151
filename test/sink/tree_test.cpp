#define BOOST_TEST_MODULE tree
#include "sink/tree.hpp"

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>

#include "os/file.hpp"
#include "ream/error.hpp"
#include "ream/process.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using sink::MissingDirectories;
using sink::Tree;

namespace {

struct Root {
  TemporaryDirectory directory;
  os::Fd fd = os::open_root(directory.path().c_str());
};

void make_file(os::Name name) {
  BOOST_REQUIRE(os::create_exclusive(name, 0644));
}

auto has_reason(Reason reason) {
  return [reason](const Error& error) { return error.reason() == reason; };
}

}  // namespace

BOOST_AUTO_TEST_CASE(missing_directories_are_made) {
  const Root root;
  Tree tree(root.fd.get());
  make_file(tree.place("a/b/c/file"));
  make_file(tree.place("a/b/other"));
  make_file(tree.place("top"));
  BOOST_TEST(root.directory.contains("a/b/c/file"));
  BOOST_TEST(root.directory.contains("a/b/other"));
  BOOST_TEST(root.directory.contains("top"));
}

BOOST_AUTO_TEST_CASE(missing_directories_can_be_an_error) {
  const Root root;
  Tree tree(root.fd.get());
  BOOST_CHECK_THROW(tree.place("a/file", MissingDirectories::are_an_error), Error);
  BOOST_TEST(!root.directory.contains("a"));
}

BOOST_AUTO_TEST_CASE(a_link_is_not_followed_and_is_named) {
  const Root root;
  const TemporaryDirectory outside;
  root.directory.make_link(outside.path().string(), "link");
  root.directory.make_directory("real");
  root.directory.make_link("real", "inner");
  Tree tree(root.fd.get());
  for (const char* path : {"link/file", "inner/file", "link/deep/file"}) {
    BOOST_CHECK_EXCEPTION(tree.place(path), Error, has_reason(Reason::link_in_the_way));
  }
  BOOST_TEST(boost::filesystem::is_empty(outside.path()));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_a_directory_is_named) {
  const Root root;
  root.directory.write_file("file", "x");
  Tree tree(root.fd.get());
  BOOST_CHECK_EXCEPTION(tree.place("file/x"), Error, has_reason(Reason::file_in_the_way));
}

BOOST_AUTO_TEST_CASE(paths_that_lead_out_are_refused_here_too) {
  const Root root;
  Tree tree(root.fd.get());
  for (const char* path : {"..", "../x", "a/../../x", "/etc/x", "", "a//b", "."}) {
    BOOST_CHECK_THROW(tree.place(path), Error);
    BOOST_CHECK_THROW(tree.make_directory(path), Error);
  }
}

BOOST_AUTO_TEST_CASE(more_directories_than_are_kept_open_still_work) {
  const Root root;
  Tree tree(root.fd.get());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 500; ++i) {
      const auto path = "d" + std::to_string(i) + "/e/f" + std::to_string(round);
      make_file(tree.place(path));
      BOOST_TEST(root.directory.contains(path));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_deep_path_needs_no_more_open_directories_than_a_flat_one) {
  const Root root;
  Tree tree(root.fd.get());
  std::string deep;
  for (int i = 0; i < 500; ++i) deep += "d/";
  make_file(tree.place(deep + "x"));
  make_file(tree.place(deep + "y"));
  BOOST_TEST(root.directory.contains(deep + "y"));
}

BOOST_AUTO_TEST_CASE(workers_that_race_for_a_directory_all_succeed) {
  const Root root;
  std::vector<Process> children;
  for (int worker = 0; worker < 4; ++worker) {
    children.emplace_back([&, worker] {
      Tree tree(root.fd.get());
      for (int i = 0; i < 200; ++i) {
        make_file(tree.place("d" + std::to_string(i) + "/e/" + std::to_string(worker)));
      }
    });
    children.back().start();
  }
  join_all(children);
  for (auto& child : children) BOOST_TEST(child.exitcode().value() == 0);
  BOOST_TEST(root.directory.contains("d199/e/3"));
}
