// Whether what a batch promises held when one of its system calls failed.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "support/fault_attempt.hpp"

namespace ream::test {

class FaultVerdict {
 public:
  FaultVerdict(const Mode& mode, const Outcome& outcome) : mode_(mode), outcome_(outcome) {}

  // Each a sentence; none where all is well.
  std::vector<std::string> complaints() {
    const auto& ended = outcome_.ended;
    if (ended.signal != 0) return {"a signal ended it: " + std::to_string(ended.signal)};
    switch (ended.exit_code) {
      case 0:
        expect_everything();
        break;
      case 1:
        expect_message();
        expect_promise();
        break;
      default:
        expect_unreadable_manifest();
    }
    expect_leftovers_told();
    return std::move(complaints_);
  }

  bool left_anything() const { return !outcome_.beside.empty() || !marks_within().empty(); }

 private:
  void complain(const std::string& text) { complaints_.push_back(text); }

  bool says(const std::string& text) const {
    return outcome_.ended.err.find(text) != std::string::npos;
  }

  // Then nothing can be expected of what it said.
  bool output_failed() const {
    const auto& calls = outcome_.trace.injected();
    return std::any_of(calls.begin(), calls.end(), [](const auto& call) {
      return call.starts_with("write(1,") || call.starts_with("write(2,");
    });
  }

  void expect_everything() {
    for (const auto& [path, wanted] : wanted_twenty()) {
      if (!is_there(path, wanted)) complain("exit code 0, but not as it should be: " + path);
    }
    expect_nothing_else();
  }

  void expect_nothing_else() {
    for (const auto& [path, entry] : tree()) {
      const bool kept = path == "mine" && mode_.promise != Promise::batch;
      if (!kept && !wanted_.contains(path)) complain("exit code 0, but there is: " + path);
    }
  }

  void expect_message() {
    if (output_failed()) return;
    const bool names_something =
        says("cannot ") || says("listing: ") || says("not written: ") || says("not enough memory");
    if (!says("ream: ") || !names_something) complain("no message: " + outcome_.ended.err);
  }

  // Input that cannot be read is bad input: exit code 2, nothing was written.
  void expect_unreadable_manifest() {
    const bool told = says("ream: manifest: cannot ") || says("ream: m:");
    if (outcome_.ended.exit_code != 2 || !told || outcome_.after != outcome_.before) {
      complain("exit code " + std::to_string(outcome_.ended.exit_code));
    }
  }

  void expect_promise() {
    if (mode_.promise == Promise::batch) return expect_old_or_new_as_a_whole();
    for (const auto& [path, entry] : tree()) {
      if (!is_mark(path) && !is_whole(path, entry)) complain("not whole: " + path);
    }
    for (const auto& [path, wanted] : wanted_) {
      if (!is_there(path, wanted) && !is_told(path)) complain("not there, not told: " + path);
    }
  }

  void expect_old_or_new_as_a_whole() {
    if (outcome_.after == outcome_.before) return;
    const bool whole = std::all_of(wanted_.begin(), wanted_.end(), [this](const auto& wanted) {
      return is_there(wanted.first, wanted.second);
    });
    if (!whole) return complain("neither as it was nor the whole batch");
    const bool told =
        output_failed() || says("cannot remove") || says("listing: ") || says("after a power cut");
    if (!told) complain("the whole batch is there, and no reason for exit code 1");
  }

  // A directory that the batch names is made first and finished last: what it lacks is told.
  bool is_whole(const std::string& path, const Entry& entry) const {
    if (entry.kind == Kind::directory) return true;
    if (const auto wanted = wanted_.find(path); wanted != wanted_.end()) {
      if (is_as(entry, wanted->second)) return true;
    }
    if (!outcome_.before) return false;
    const auto old = outcome_.before->find(path);
    return old != outcome_.before->end() && old->second == entry;
  }

  bool is_there(const std::string& path, const WantedEntry& wanted) const {
    const auto found = tree().find(path);
    return found != tree().end() && is_as(found->second, wanted);
  }

  static bool is_as(const Entry& found, const WantedEntry& wanted) {
    const auto& entry = wanted.entry;
    const bool in_time = found.mtime_seconds == entry.mtime_seconds && found.mtime_nanoseconds == 0;
    return found.kind == entry.kind && found.content == entry.content && found.mode == entry.mode &&
           (in_time || !wanted.has_mtime);
  }

  // A directory that no line names is there with the first file in it.
  bool is_told(const std::string& path) const {
    const bool named = says("'" + path + "'") || path == "a" || path == "a/b" || path == "c";
    return named || everything_failed() || output_failed();
  }

  // Where the batch as a whole failed nothing of it is there, and no file is named.
  bool everything_failed() const {
    return outcome_.after == outcome_.before || says("nothing was published");
  }

  // What could not be removed is told, and 'ream clean' finds it.
  void expect_leftovers_told() {
    if (says("cannot remove") || output_failed()) return;
    for (const auto& path : outcome_.beside) complain("left, and not told: " + path);
    for (const auto& path : marks_within()) complain("left, and not told: " + path);
  }

  std::vector<std::string> marks_within() const {
    std::vector<std::string> marks;
    for (const auto& [path, entry] : tree()) {
      if (is_mark(path)) marks.push_back(path);
    }
    return marks;
  }

  static bool is_mark(const std::string& path) { return path.find(".ream-") != path.npos; }

  const Tree& tree() const { return outcome_.after ? *outcome_.after : nothing_; }

  const Mode& mode_;
  const Outcome& outcome_;
  const WantedTree wanted_ = wanted_twenty();
  const Tree nothing_;
  std::vector<std::string> complaints_;
};

}  // namespace ream::test
