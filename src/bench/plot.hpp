// A recording as a picture, by gnuplot.
#pragma once

#include <boost/filesystem/path.hpp>
#include <string>

#include "bench/recording.hpp"

namespace ream::bench {

// Throughput over workers with intervals (bars for each arm where there is only one number of
// workers), and beneath it the samples of each arm, round by round. The end of the name says the
// form: .svg or .png. Throws InputError for another; std::runtime_error where gnuplot is missing or
// fails; Stopped where a signal ended it, which ends gnuplot too.
void plot(const Recording& recording, const boost::filesystem::path& path);

// Throws InputError: neither .svg nor .png, or gnuplot is missing. To be asked before an hour of
// measuring.
void check_plot(const boost::filesystem::path& path);

// The program for gnuplot, data included.
std::string plot_script(const Recording& recording, const boost::filesystem::path& path);

}  // namespace ream::bench
