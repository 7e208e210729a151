#include "cli/config_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/trim.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <optional>
#include <sstream>

#include "cli/command.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20;

constexpr std::array<std::string_view, 3> only_on_the_command_line = {"config", "help",
                                                                      "print-config"};

struct Key {
  std::string name;
  char letter;  // "j" of "jobs,j"; NUL: none
  bool flag;
  bool repeatable;
};

char letter_of(const po::option_description& option) {
  const auto shown = option.canonical_display_name(po::command_line_style::allow_dash_for_short);
  return shown.size() == 2 && shown.front() == '-' ? shown.back() : '\0';
}

std::vector<Key> keys_of(const Command& command) {
  std::vector<Key> keys;
  for (const auto& group : command.line().groups) {
    for (const auto& option : group.options()) {
      const auto& semantic = *option->semantic();
      keys.push_back({option->long_name(), letter_of(*option), semantic.max_tokens() == 0,
                      semantic.is_composing()});
    }
  }
  return keys;
}

const Key* find(const std::vector<Key>& keys, std::string_view name) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string meant(const std::string& word, const std::vector<Key>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) {
    if (word.size() == 1 && word.front() == key.letter) {
      return fmt::format("; did you mean '{}'?", key.name);
    }
    names.push_back(key.name);
  }
  return did_you_mean(word, names);
}

class Reader {
 public:
  Reader(const std::string& path, std::string_view command) : path_(path), command_(command) {}

  Settings read() {
    std::istringstream text(content());
    for (std::string line; std::getline(text, line);) {
      ++line_;
      read_line(line);
    }
    return std::move(settings_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw InputError(fmt::format("{}:{}", path_, line_), problem);
  }

  [[noreturn]] void refuse_file(const std::string& problem) const {
    throw InputError("--config " + ream::quoted(path_), problem);
  }

  // It may be a pipe, and endless.
  std::string content() const {
    errno = 0;
    std::ifstream file(path_, std::ios::binary);
    std::string text(most_bytes + 1, '\0');
    try {
      file.exceptions(std::ios::badbit);
      file.read(text.data(), static_cast<std::streamsize>(text.size()));
    } catch (const std::ios::failure&) {  // errno has the reason
    }
    if (!file.is_open() || file.bad()) {
      refuse_file("cannot be read: " + std::string(std::strerror(errno)));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > most_bytes) refuse_file("is larger than 1 MiB, so it is no config file");
    return text;
  }

  void read_line(std::string line) {
    if (line.find('\0') != line.npos) refuse("has a NUL byte, so this is no config file");
    const auto bare = boost::trim_copy(line.substr(0, line.find('#')));
    if (bare.starts_with('[')) return begin_section(bare);
    const auto quoted_value = take_quoted_value(line);
    auto parsed = parse(line);
    if (parsed.options.empty()) return;
    auto& option = parsed.options.front();
    if (quoted_value) option.value = {*quoted_value};
    take(option.string_key, option.value.front());
  }

  void begin_section(const std::string& line) {
    if (!line.ends_with(']')) refuse("a section begins with a line such as [generate]");
    section_ = boost::trim_copy(line.substr(1, line.size() - 2));
    if (find_command(*section_)) return;
    std::vector<std::string> names;
    for (const auto& command : commands()) names.emplace_back(command.name);
    refuse(
        fmt::format("[{}]: there is no such command{}", *section_, did_you_mean(*section_, names)));
  }

  // Program_options knows no quotes, and a line ends for it where a # is: what stands in quotes is
  // taken out before it sees the line.
  std::optional<std::string> take_quoted_value(std::string& line) const {
    const auto equals = line.find('=');
    if (equals > line.find('#') || equals == line.npos) return std::nullopt;
    std::istringstream rest(line.substr(equals + 1));
    if ((rest >> std::ws).peek() != '"') return std::nullopt;
    std::string value;
    if (!(rest >> std::quoted(value))) refuse("the value has a quote that is not closed");
    std::string behind;
    if (rest >> behind && behind.front() != '#') {
      refuse(
          "there is more behind the closing quote: a value with a quote in it is written as "
          R"("one \"word\" in quotes")");
    }
    line.resize(equals + 1);
    return value;
  }

  po::parsed_options parse(const std::string& line) const {
    std::istringstream text(line);
    try {
      return po::parse_config_file(text, po::options_description(), true);
    } catch (const po::error&) {
      refuse(fmt::format("{} is neither [COMMAND] nor KEY = VALUE", ream::quoted(line)));
    }
  }

  // The command's own first, so that a general key is looked up there first.
  std::vector<Key> known_keys() const {
    if (section_) return keys_of(*find_command(*section_));
    auto keys = keys_of(*find_command(command_));
    for (const auto& command : commands()) {
      const auto others = keys_of(command);
      keys.insert(keys.end(), others.begin(), others.end());
    }
    return keys;
  }

  Key known_key(const std::string& name) const {
    const auto keys = known_keys();
    const auto* key = find(keys, name);
    if (key == nullptr) {
      refuse(fmt::format("{} is no option of {}{}", ream::quoted(name),
                         section_ ? "'ream " + *section_ + "'" : "any command", meant(name, keys)));
    }
    if (may_stand_in_a_file(name)) return *key;
    refuse(fmt::format("'{}' has its place on the command line, not in a file", name));
  }

  void take(const std::string& name, std::string value) {
    const auto key = known_key(name);
    if (key.flag) value = flag(name, value);
    if (section_ ? *section_ != command_ : !find(keys_of(*find_command(command_)), name)) return;
    const auto rank = section_ ? Origin::Rank::section_of_file : Origin::Rank::file;
    if (!key.repeatable) refuse_second(name, rank);
    settings_.push_back({name, {value}, Origin::file(rank, path_, line_)});
  }

  std::string flag(const std::string& name, const std::string& value) const {
    if (value == "yes" || value == "true") return flag_on;
    if (value == "no" || value == "false") return flag_off;
    refuse(fmt::format("{} {}: one of yes, no, true, false is expected{}", name,
                       ream::quoted(value), did_you_mean(value, {"yes", "no", "true", "false"})));
  }

  void refuse_second(const std::string& name, Origin::Rank rank) const {
    for (const auto& setting : settings_) {
      if (setting.option != name || setting.origin.rank() != rank) continue;
      refuse(fmt::format("'{}' is set a second time: {}", name,
                         setting.origin.told(name, "the first")));
    }
  }

  const std::string path_;
  const std::string_view command_;
  std::size_t line_ = 0;
  std::optional<std::string> section_;
  Settings settings_;
};

bool needs_quotes(const std::string& value) {
  return value.find('#') != value.npos || value.starts_with('"') ||
         boost::trim_copy(value) != value;
}

}  // namespace

Settings read_config_file(const std::string& path, std::string_view command) {
  return Reader(path, command).read();
}

bool may_stand_in_a_file(std::string_view option) {
  const auto& others = only_on_the_command_line;
  return std::find(others.begin(), others.end(), option) == others.end();
}

std::string config_line(const std::string& key, const std::string& value) {
  if (value.find('\n') != value.npos) {
    throw InputError("--" + key, "the value has a line break, which no config file can hold");
  }
  std::ostringstream line;
  line << key << " =";
  if (needs_quotes(value)) {
    line << ' ' << std::quoted(value);
  } else if (!value.empty()) {
    line << ' ' << value;
  }
  return line.str();
}

}  // namespace ream::cli
