// As a global fixture: what a test has counted is seen in any log, whatever its level is.
#pragma once

#include <boost/test/unit_test.hpp>

namespace ream::test {

struct MessagesAreSeen {
  MessagesAreSeen() {
    auto& log = boost::unit_test::unit_test_log;
    log.set_threshold_level(boost::unit_test::log_messages);
  }
};

}  // namespace ream::test
