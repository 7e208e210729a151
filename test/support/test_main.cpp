// The main() of every test. The tests themselves include Boost.Test from a precompiled header.
#define BOOST_TEST_MODULE ream
#include <boost/test/unit_test.hpp>
