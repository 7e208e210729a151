#include "cli/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <cctype>
#include <limits>

#include "cli/config_file.hpp"
#include "ream/error.hpp"
#include "text/size_text.hpp"
#include "text/spelling.hpp"

namespace ream::cli {

namespace {

po::options_description all_options(const CommandLine& line) {
  po::options_description all;
  for (const auto& group : line.groups) all.add(group);
  for (const auto name : line.positional) {
    all.add_options()(std::string(name).c_str(), po::value<std::string>());
  }
  for (const auto name : line.optional_positional) {
    all.add_options()(std::string(name).c_str(), po::value<std::string>()->default_value(""));
  }
  return all;
}

po::positional_options_description positions(const CommandLine& line) {
  po::positional_options_description positions;
  for (const auto name : line.positional) positions.add(std::string(name).c_str(), 1);
  for (const auto name : line.optional_positional) positions.add(std::string(name).c_str(), 1);
  return positions;
}

// "; did you mean '--jobs'?", or nothing.
std::string meant_option(const std::string& word, const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return did_you_mean(word, names);
}

bool is_flag(const po::options_description& options, const std::string& name) {
  const auto* option = options.find_nothrow(name, false);
  return option != nullptr && option->semantic()->max_tokens() == 0;
}

po::parsed_options parse(const CommandLine& line, const po::options_description& options,
                         const Words& words) {
  namespace style = po::command_line_style;
  const auto positional = positions(line);
  const int exact_names = style::unix_style & ~style::allow_guessing;
  try {
    return po::command_line_parser(words)
        .options(options)
        .positional(positional)
        .style(exact_names)
        .run();
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError(fmt::format("there are more words than in '{}'", usage(line)));
  } catch (const po::unknown_option& error) {
    throw UsageError(error.what() + meant_option(error.get_option_name(), options));
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
}

Settings settings_of_words(const CommandLine& line, const po::options_description& options,
                           const Words& words) {
  Settings settings;
  for (const auto& option : parse(line, options, words).options) {
    const auto& key = option.string_key;
    settings.push_back(
        {key, is_flag(options, key) ? Words{flag_on} : option.value, Origin::command_line()});
  }
  return settings;
}

void store(const Settings& settings, const po::options_description& options,
           po::variables_map& values) {
  po::parsed_options parsed(&options, po::command_line_style::allow_long);
  for (const auto& setting : settings) parsed.options.emplace_back(setting.option, setting.values);
  try {
    po::store(parsed, values);
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
}

bool is_of_a_name(char c) {
  return c == '-' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

Arguments::Arguments(const CommandLine& line, const Words& words) {
  const auto options = all_options(line);
  settings_ = settings_of_words(line, options, words);
  store(settings_, options, values_);
  if (help()) return;
  collect(line, settings_);
  values_.clear();
  store(settings_, options, values_);
  if (print_config()) return;
  for (const auto name : line.positional) {
    if (positional_missing(name)) {
      throw UsageError(fmt::format("{} is missing: the usage is '{}'", name, usage(line)));
    }
  }
}

void Arguments::collect(const CommandLine& line, Settings settings) {
  const auto add = [&](const Settings& more) {
    settings.insert(settings.end(), more.begin(), more.end());
  };
  add(settings_of_environment(line.variables));
  if (const auto file = text("config")) add(read_config_file(*file, line.command));
  settings_ = what_counts(std::move(settings), line.exclusions);
}

std::string Arguments::told(const std::string& message) const {
  for (const auto& setting : settings_) {
    const auto option = "--" + setting.option;
    const bool is_meant = message.starts_with(option) && (message.size() == option.size() ||
                                                          !is_of_a_name(message[option.size()]));
    if (is_meant) return setting.origin.told(setting.option, message);
  }
  return message;
}

bool Arguments::positional_missing(std::string_view name) const {
  const auto& value = values_[std::string(name)];
  return value.empty() || value.as<std::string>().empty();
}

std::optional<std::string> Arguments::text(const std::string& option) const {
  if (!has(option)) return std::nullopt;
  return values_[option].as<std::string>();
}

std::vector<std::string> Arguments::texts(const std::string& option) const {
  if (!has(option)) return {};
  return values_[option].as<std::vector<std::string>>();
}

std::optional<std::uint64_t> Arguments::number(const std::string& option, std::uint64_t least,
                                               std::uint64_t most) const {
  const auto written = text(option);
  if (!written) return std::nullopt;
  const auto number = text::parse_whole_number(*written);
  if (number && *number >= least && *number <= most) return number;
  const bool bounded = most != std::numeric_limits<std::uint64_t>::max();
  refuse_value("--" + option, *written,
               bounded ? fmt::format("a whole number from {} to {}", least, most)
                       : fmt::format("a whole number from {} up", least));
}

std::size_t Arguments::choice(const std::string& option,
                              const std::vector<std::string_view>& choices) const {
  const auto written = text(option).value_or(std::string(choices.front()));
  const auto found = std::find(choices.begin(), choices.end(), written);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  throw UsageError(fmt::format("--{} {}: one of {} is expected{}", option, quoted(written),
                               fmt::join(choices, ", "),
                               did_you_mean(written, {choices.begin(), choices.end()})));
}

const std::string& Arguments::positional(std::string_view name) const {
  return values_[std::string(name)].as<std::string>();
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const auto meant = text::nearest(word, candidates);
  return meant ? fmt::format("; did you mean '{}'?", *meant) : "";
}

void refuse_value(std::string_view option, std::string_view value, std::string_view expected) {
  throw UsageError(fmt::format("{} {}: {} is expected", option, quoted(value), expected));
}

OptionGroup option_group(const std::string& title) {
  return OptionGroup(title);
}

po::typed_value<std::string>* takes(const std::string& name) {
  return po::value<std::string>()->value_name(name);
}

std::string one_of(const std::vector<std::string_view>& choices) {
  return fmt::format("{}", fmt::join(choices, "|"));
}

std::string list_of(const std::vector<std::string_view>& choices) {
  return one_of(choices) + ",...";
}

std::string usage(const CommandLine& line) {
  return fmt::format("ream {} [options] {}", line.command, fmt::join(line.positional, " "));
}

}  // namespace ream::cli
