#define BOOST_TEST_MODULE report
#include "ream/report.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace ream;

BOOST_AUTO_TEST_CASE(every_field_is_in_the_json) {
  Report report;
  report.jobs = 5;
  report.files = 2;
  report.links = 1;
  report.bytes = 77;
  report.failures.push_back({3, "a/b", Operation::create, 17, "cannot create 'a/b': File exists"});
  report.not_attempted = {{4, 7}};
  report.removed = 9;
  report.kept = {"kept 'a\xff'"};
  report.changed = true;
  report.trouble = "trouble";
  report.stopped_by = SIGINT;
  report.workers.push_back({42, 2, 77, 0.5, Signalled{SIGKILL, false}});
  report.seconds.write = 1.5;
  report.seconds.join = 0.25;
  report.first_done_seconds = 1.125;
  report.last_done_seconds = 1.25;
  report.latency.emplace();
  for (std::uint64_t i = 1; i <= 100; ++i) report.latency->file.record(i);
  report.latency->publish.record(3);
  const auto json = boost::json::parse(to_json(report));
  BOOST_TEST(json.at("jobs").as_int64() == 5);
  BOOST_TEST(json.at("links").as_int64() == 1);
  BOOST_TEST(json.at("bytes").as_int64() == 77);
  BOOST_TEST(json.at("failures").at(0).at("path").as_string() == "a/b");
  BOOST_TEST(json.at("failures").at(0).at("operation").as_string() == "create");
  BOOST_TEST(json.at("not_attempted").at(0).at(1).as_int64() == 7);
  BOOST_TEST(json.at("removed").as_int64() == 9);
  BOOST_TEST(json.at("kept").at(0).as_string() == "kept 'a\\xff'");
  BOOST_TEST(json.at("changed").as_bool());
  BOOST_TEST(!json.at("unpruned").as_bool());
  BOOST_TEST(json.at("stopped_by").as_string() == "SIGINT");
  BOOST_TEST(json.at("workers").at(0).at("status").as_string() == "killed by SIGKILL");
  BOOST_TEST(json.at("seconds").at("write").as_double() == 1.5);
  BOOST_TEST(json.at("seconds").at("join").as_double() == 0.25);
  BOOST_TEST(json.at("first_done_seconds").as_double() == 1.125);
  BOOST_TEST(json.at("last_done_seconds").as_double() == 1.25);
  const auto& file = json.at("latency").at("file");
  BOOST_TEST(file.at("count").as_int64() == 100);
  BOOST_TEST(file.at("p50").as_int64() == 50);
  BOOST_TEST(file.at("p90").as_int64() == 90);
  BOOST_TEST(file.at("p99").as_int64() == 99);
  BOOST_TEST(file.at("p99.9").as_int64() == 100);
  BOOST_TEST(file.at("max").as_int64() == 100);
  BOOST_TEST(json.at("latency").at("publish").at("p50").as_int64() == 3);
  for (const char* empty : {"open", "write", "sync", "close"}) {
    BOOST_TEST(json.at("latency").at(empty).at("count").as_int64() == 0);
  }
  BOOST_TEST(!report.complete());
}

BOOST_AUTO_TEST_CASE(a_path_that_is_not_utf8_does_not_break_the_json) {
  Report report;
  report.failures.push_back({0, "a\xff\x1b", Operation::create, 17, "cannot create"});
  for (const char* bad : {"\xed\xa0\x80", "\xe0\x80\x80", "\xc0\xaf", "\xf4\x90\x80\x80",
                          "\xf0\x80\x80\x80", "\xc3"}) {
    report.failures.push_back({0, bad, Operation::create, 17, bad});
  }
  const auto json = boost::json::parse(to_json(report));  // refuses what is not UTF-8
  BOOST_TEST(json.at("failures").at(0).at("path").as_string() == "a\\xff\\x1b");
}

BOOST_AUTO_TEST_CASE(without_latencies_the_json_has_none) {
  BOOST_TEST(boost::json::parse(to_json(Report{})).at("latency").is_null());
}

BOOST_AUTO_TEST_CASE(a_report_is_complete_without_failures_and_leftovers) {
  Report report;
  BOOST_TEST(report.complete());
  report.not_attempted = {{1, 2}};
  BOOST_TEST(!report.complete());
  report.not_attempted.clear();
  report.unpruned = true;
  BOOST_TEST(!report.complete());
}
