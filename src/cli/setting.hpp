// What an option was set to, and where that was said.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ream::cli {

class Origin {
 public:
  // The later counts for more.
  enum class Rank { file, section_of_file, environment, command_line };

  static Origin command_line() { return {Rank::command_line, "command line", 0}; }
  static Origin environment(std::string_view variable) {
    return {Rank::environment, std::string(variable), 0};
  }
  static Origin file(Rank rank, std::string_view name, std::size_t line) {
    return {rank, std::string(name), line};
  }

  Rank rank() const noexcept { return rank_; }
  const std::string& name() const noexcept {
    return name_;
  }  // "command line", "REAM_JOBS", "a.conf"

  // A message that speaks of "--jobs" first, as it is to be read where the option was set
  // elsewhere: "a.conf:3: --jobs ...", "REAM_JOBS ...".
  std::string told(const std::string& option, const std::string& message) const;

 private:
  Origin(Rank rank, std::string name, std::size_t line)
      : rank_(rank), name_(std::move(name)), line_(line) {}

  Rank rank_;
  std::string name_;
  std::size_t line_;
};

struct Setting {
  std::string option;
  std::vector<std::string> values;  // of a flag: "yes" or "no"
  Origin origin;
};

using Settings = std::vector<Setting>;

inline const std::string flag_on = "yes";
inline const std::string flag_off = "no";

// A variable of the environment that says what an option would.
struct Variable {
  std::string_view option;
  const char* name;
  std::string_view value =
      {};  // what it says where it is set to anything; empty: what it is set to
};

// Options that cannot all stand together.
struct Exclusion {
  struct Part {
    std::string_view option;
    std::string_view value = {};  // empty: any
  };
  std::vector<Part> parts;
  std::string_view reason;  // begins with an option; empty: where one origin has all, all may stand
};

// One that is set to nothing says nothing.
Settings settings_of_environment(const std::vector<Variable>& variables);

// Of each option what has the highest rank; and of those that exclude each other, what ranks lowest
// yields, so that a file never stands in the way of the command line. Throws UsageError where they
// rank alike.
Settings what_counts(Settings all, const std::vector<Exclusion>& exclusions);

}  // namespace ream::cli
