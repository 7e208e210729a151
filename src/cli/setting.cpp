#include "cli/setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/arguments.hpp"

namespace ream::cli {

namespace {

const Setting* find(const Settings& settings, std::string_view option) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const auto& setting) { return setting.option == option; });
  return found == settings.end() ? nullptr : &*found;
}

bool ranks_below(const Setting& left, const Setting& right) {
  return left.origin.rank() < right.origin.rank();
}

Settings of_highest_rank(const Settings& all) {
  Settings highest;
  for (const auto& setting : all) {
    const bool outranked = std::any_of(all.begin(), all.end(), [&](const auto& other) {
      return other.option == setting.option && ranks_below(setting, other);
    });
    if (!outranked) highest.push_back(setting);
  }
  return highest;
}

// What `exclusion` speaks of, where all of it is there; else nothing.
Settings clash(const Settings& settings, const Exclusion& exclusion) {
  Settings parts;
  for (const auto& part : exclusion.parts) {
    const auto* setting = find(settings, part.option);
    if (setting == nullptr) return {};
    if (!part.value.empty() && setting->values.front() != part.value) return {};
    parts.push_back(*setting);
  }
  return parts;
}

bool rank_alike(const Settings& settings) {
  const auto [lowest, highest] = std::minmax_element(settings.begin(), settings.end(), ranks_below);
  return lowest->origin.rank() == highest->origin.rank();
}

void remove_lowest(const Settings& clashing, Settings& all) {
  const auto lowest =
      std::min_element(clashing.begin(), clashing.end(), ranks_below)->origin.rank();
  std::erase_if(all, [&](const auto& setting) {
    return setting.origin.rank() == lowest && find(clashing, setting.option) != nullptr;
  });
}

// True where something had to yield.
bool settle(const Settings& counting, const Exclusion& exclusion, Settings& all) {
  const auto clashing = clash(counting, exclusion);
  if (clashing.empty()) return false;
  if (!rank_alike(clashing)) {
    remove_lowest(clashing, all);
    return true;
  }
  if (exclusion.reason.empty()) return false;
  const auto& first = clashing.front();
  throw UsageError(first.origin.told(first.option, std::string(exclusion.reason)));
}

}  // namespace

std::string Origin::told(const std::string& option, const std::string& message) const {
  if (rank_ == Rank::command_line) return message;
  if (rank_ != Rank::environment) return fmt::format("{}:{}: {}", name_, line_, message);
  const auto dashed = "--" + option;
  return message.starts_with(dashed) ? name_ + message.substr(dashed.size())
                                     : fmt::format("{}: {}", name_, message);
}

Settings settings_of_environment(const std::vector<Variable>& variables) {
  Settings settings;
  for (const auto& variable : variables) {
    const char* text = std::getenv(variable.name);
    if (text == nullptr || *text == '\0') continue;
    const std::string value(variable.value.empty() ? text : variable.value);
    settings.push_back({std::string(variable.option), {value}, Origin::environment(variable.name)});
  }
  return settings;
}

Settings what_counts(Settings all, const std::vector<Exclusion>& exclusions) {
  auto counting = of_highest_rank(all);
  while (std::any_of(exclusions.begin(), exclusions.end(),
                     [&](const auto& exclusion) { return settle(counting, exclusion, all); })) {
    counting = of_highest_rank(all);
  }
  return counting;
}

}  // namespace ream::cli
