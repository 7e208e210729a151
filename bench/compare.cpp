// Is one command faster than another, by how much, and how sure is that?
//
// Usage: compare [-n ROUNDS] [-p PREPARE] -- FIRST COMMAND ... -- SECOND COMMAND ...
//
// A round runs both commands, one right after the other, and which comes first changes from round
// to round: what drifts on a machine (its clock, its page cache, its neighbours) meets both alike,
// and the ratio within a round is hardly touched by it. One round more, before, is not counted.
//
// PREPARE, a shell command, is run before each command and not timed. The commands themselves are
// started without a shell, standard input and output on /dev/null, and timed from before the start
// until they have been waited for.
//
// Prints one line of tab-separated figures: median seconds of the first, of the second, then of
// second/first, round by round: the median, the lower and the upper quartile.
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "silent_command.hpp"

namespace {

struct Options {
  long rounds = 10;
  std::string prepare;
  Command first;
  Command second;
};

double seconds_of(const Command& words) {
  SilentCommand command(words);
  const auto start = std::chrono::steady_clock::now();
  const pid_t pid = command.start();
  int status = 0;
  waitpid(pid, &status, 0);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  command.require_success(status);
  return taken.count();
}

double timed(const Command& command, const std::string& prepare) {
  if (!prepare.empty()) seconds_of({"/bin/sh", "-c", prepare});
  return seconds_of(command);
}

// Linear between the two nearest values, as R and numpy do it.
double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const auto above = static_cast<std::size_t>(std::ceil(at));
  return values[below] + (at - std::floor(at)) * (values[above] - values[below]);
}

void compare(const Options& options) {
  std::vector<double> first;
  std::vector<double> second;
  std::vector<double> ratios;
  for (long round = 0; round <= options.rounds; ++round) {
    double a = 0;
    double b = 0;
    if (round % 2 == 0) a = timed(options.first, options.prepare);
    b = timed(options.second, options.prepare);
    if (round % 2 != 0) a = timed(options.first, options.prepare);
    if (round == 0) continue;
    first.push_back(a);
    second.push_back(b);
    ratios.push_back(b / a);
  }
  std::printf("%.6f\t%.6f\t%.3f\t%.3f\t%.3f\n", quantile(first, 0.5), quantile(second, 0.5),
              quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75));
}

Options parse(const Command& words) {
  Options options;
  auto word = words.begin();
  for (; words.end() - word >= 2 && *word != "--"; word += 2) {
    if (*word == "-n")
      options.rounds = std::stol(word[1]);
    else if (*word == "-p")
      options.prepare = word[1];
    else
      throw std::invalid_argument(*word);
  }
  const auto divide = word == words.end() ? word : std::find(word + 1, words.end(), "--");
  if (divide == words.end() || divide - word < 2 || words.end() - divide < 2 || options.rounds < 1)
    throw std::invalid_argument("two commands are needed");
  options.first.assign(word + 1, divide);
  options.second.assign(divide + 1, words.end());
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  compare(parse({argv + 1, argv + argc}));
  return 0;
} catch (const std::invalid_argument& error) {
  std::fprintf(stderr,
               "compare: %s\nusage: compare [-n ROUNDS] [-p PREPARE] -- FIRST... -- SECOND...\n",
               error.what());
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "compare: %s\n", error.what());
  return 1;
}
