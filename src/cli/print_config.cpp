#include "cli/print_config.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/trim.hpp>

#include "cli/config_file.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

// A path could have anything in it, a line break too.
std::string one_line(const std::string& name) {
  const auto shown = ream::quoted(name);
  return shown.substr(1, shown.size() - 2);
}

// "auto" of "what it is (default: auto)"; empty where it names none.
std::string default_in(const std::string& description) {
  static constexpr std::string_view mark = "(default: ";
  const auto begin = description.rfind(mark);
  if (begin == description.npos) return "";
  const auto end = description.rfind(')');
  return description.substr(begin + mark.size(), end - begin - mark.size());
}

std::string line_of_default(const po::option_description& option) {
  if (option.semantic()->max_tokens() == 0) {
    return fmt::format("# {} = {}\n", option.long_name(), flag_off);
  }
  const auto value = default_in(option.description());
  const bool is_sentence = value.find(' ') != value.npos;
  if (is_sentence) return fmt::format("# {}: {}\n", option.long_name(), value);
  return fmt::format("# {}\n", boost::trim_right_copy(option.long_name() + " = " + value));
}

std::string lines_of(const po::option_description& option, const Settings& settings) {
  std::string text;
  for (const auto& setting : settings) {
    if (setting.option != option.long_name()) continue;
    for (const auto& value : setting.values) {
      text += fmt::format("{}  # {}\n", config_line(setting.option, value),
                          one_line(setting.origin.name()));
    }
  }
  return text.empty() ? line_of_default(option) : text;
}

}  // namespace

std::string config_text(const CommandLine& line, const Settings& settings) {
  auto text = fmt::format("[{}]\n", line.command);
  for (const auto& group : line.groups) {
    std::string lines;
    for (const auto& option : group.options()) {
      if (may_stand_in_a_file(option->long_name())) lines += lines_of(*option, settings);
    }
    if (!lines.empty()) text += "\n" + lines;
  }
  return text;
}

}  // namespace ream::cli
