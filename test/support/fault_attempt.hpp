// A batch of twenty files with a system call that fails, in a directory of its own.
#pragma once

#include <sys/stat.h>

#include <boost/algorithm/string/join.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/batch_of_twenty.hpp"
#include "support/fast_place.hpp"
#include "support/injected_fault.hpp"
#include "support/run_program.hpp"

namespace ream::test {

enum class Promise { batch, file, none };
enum class Before { nothing, empty, old };

// How the batch is written: where what, and what is there before.
struct Mode {
  Promise promise = Promise::batch;
  Before before = Before::nothing;
  std::vector<std::string> options;

  std::string name() const { return boost::algorithm::join(options, " "); }
  std::string target() const { return before == Before::nothing ? "new/out" : "there/out"; }
};

// Everything that a verdict needs.
struct Outcome {
  Ended ended;
  Trace trace = Trace("");
  std::optional<Tree> before;  // in the place of the target
  std::optional<Tree> after;
  std::vector<std::string> beside;  // left there
};

// Runs from its beginning on, so that two can run side by side.
class FaultAttempt {
 public:
  // `what` are strace's options.
  FaultAttempt(const Mode& mode, const std::vector<std::string>& what)
      : mode_(mode), directory_(fast_place()) {
    directory_.write_file("work/m", manifest_of_twenty());
    directory_.write_file("work/source", copied_content());
    if (mode.before == Before::empty) directory_.make_directory("work/" + mode.target());
    if (mode.before == Before::old) write_old_twenty(directory_, "work/" + mode.target());
    outcome_.before = tree();
    running_.emplace("strace", command(what), options());
  }

  // Throws where it hangs.
  Outcome wait() {
    outcome_.ended = running_->wait();
    outcome_.trace = Trace(directory_.read_file("trace"));
    outcome_.after = tree();
    outcome_.beside = beside();
    return std::move(outcome_);
  }

  // What of it "ream clean" does not remove.
  std::vector<std::string> left_by_clean() {
    run_ream({"clean", mode_.target()}, options());
    auto left = beside();
    for (const auto& mark : marks_in(target())) left.push_back(mark);
    return left;
  }

 private:
  boost::filesystem::path target() const { return directory_ / ("work/" + mode_.target()); }
  std::optional<Tree> tree() const { return read_tree(target()); }

  RunOptions options() const {
    RunOptions options;
    options.directory = (directory_ / "work").native();
    options.before_exec = [] { ::umask(022); };
    return options;
  }

  std::vector<std::string> command(const std::vector<std::string>& what) const {
    std::vector<std::string> words = {"-f", "-qq",        "-o", (directory_ / "trace").native(),
                                      "-e", "signal=none"};
    words.insert(words.end(), what.begin(), what.end());
    words.insert(words.end(), {REAM_PROGRAM, "write"});
    words.insert(words.end(), mode_.options.begin(), mode_.options.end());
    words.insert(words.end(), {"m", mode_.target()});
    return words;
  }

  // Beside the target, and beside the directory that was made for it.
  std::vector<std::string> beside() const {
    namespace fs = boost::filesystem;
    std::vector<std::string> found;
    const auto look = [&](const fs::path& place, const std::vector<std::string>& expected) {
      if (!fs::exists(place)) return;
      for (const auto& entry : fs::directory_iterator(place)) {
        const auto name = entry.path().filename().native();
        if (std::find(expected.begin(), expected.end(), name) == expected.end()) {
          found.push_back(entry.path().native());
        }
      }
    };
    const auto parent = target().parent_path();
    look(parent, {"out"});
    look(directory_ / "work", {"m", "source", parent.filename().native()});
    if (fs::exists(parent) && mode_.before == Before::nothing && !fs::exists(target())) {
      found.push_back(parent.native());  // made for nothing
    }
    return found;
  }

  const Mode& mode_;
  TemporaryDirectory directory_;
  Outcome outcome_;
  std::optional<Running> running_;
};

}  // namespace ream::test
