// What a command is asked to do: options by Boost.Program_options, positional words, help.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/setting.hpp"

namespace ream::cli {

namespace po = boost::program_options;

// What follows the command's name on the command line.
using Words = std::vector<std::string>;

// The command line cannot be obeyed. Ends the program with 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// More processes than this only wait for each other.
inline constexpr std::uint64_t most_workers = 4096;

// Options that belong together, under a title.
class OptionGroup : public po::options_description {
 public:
  explicit OptionGroup(std::string title) : title_(std::move(title)) {}

  const std::string& title() const noexcept { return title_; }

 private:
  std::string title_;
};

struct CommandLine {
  std::string_view command;                  // "generate"
  std::string_view about;                    // what it does, in a sentence or two
  std::vector<std::string_view> positional;  // "MANIFEST", "DIR": all of them are needed
  std::vector<std::string_view> optional_positional = {};  // may follow them
  std::string_view example;                                // with what it does, for the help
  std::vector<OptionGroup> groups;
  std::vector<Variable> variables = {{"color", "NO_COLOR", "never"}};  // https://no-color.org
  std::vector<Exclusion> exclusions = {};
};

class Arguments {
 public:
  // Throws UsageError, and InputError for a config file. Where help is asked for, nothing else is
  // looked at. Positional words may be missing where only the settings are to be printed.
  Arguments(const CommandLine& line, const Words& words);

  bool help() const { return has("help"); }
  bool print_config() const { return flag("print-config"); }

  // What counts of all that was set.
  const Settings& settings() const noexcept { return settings_; }

  // A message about an option, which it begins with ("--size 'x': ..."), as it is to be read where
  // that option was not set on the command line.
  std::string told(const std::string& message) const;

  bool has(const std::string& option) const { return values_.count(option) != 0; }
  bool flag(const std::string& option) const { return values_[option].as<bool>(); }

  // The value as it was written; empty where the option was not given.
  std::optional<std::string> text(const std::string& option) const;
  // The same for one that may be given more than once.
  std::vector<std::string> texts(const std::string& option) const;
  std::optional<std::uint64_t> number(const std::string& option, std::uint64_t least,
                                      std::uint64_t most) const;
  // One of `choices`, by its position; the first where the option was not given.
  std::size_t choice(const std::string& option, const std::vector<std::string_view>& choices) const;

  // Empty where one that is optional was not given.
  const std::string& positional(std::string_view name) const;

 private:
  void collect(const CommandLine& line, Settings settings);
  bool positional_missing(std::string_view name) const;

  Settings settings_;
  po::variables_map values_;
};

// "; did you mean 'write'?" where a candidate is near, else nothing.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

// Throws UsageError: "--count '0x': a whole number … is expected".
[[noreturn]] void refuse_value(std::string_view option, std::string_view value,
                               std::string_view expected);

OptionGroup option_group(const std::string& title);

// The value of an option. Its name is what help and completion show: words in small letters are
// meant as they stand, those in capitals say what is to be put there, '|' is "or", and where it
// ends with ",..." a list is taken: "auto|none|file", "FILE", "shared|per-worker|N,...".
po::typed_value<std::string>* takes(const std::string& name);

// "auto|none|file".
std::string one_of(const std::vector<std::string_view>& choices);
// "none|file,...".
std::string list_of(const std::vector<std::string_view>& choices);

// "ream generate [options] DIR".
std::string usage(const CommandLine& line);

}  // namespace ream::cli
