#include "listing/format.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <ctime>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "listing/name_color.hpp"
#include "text/json_text.hpp"

namespace ream {

namespace {

// ---------------------------------------------------------------- names

class NamesFormatter final : public Formatter {
 public:
  explicit NamesFormatter(char line_end) : line_end_(line_end) {}

  void append(const TreeWalk& walk, std::string& out) override {
    out += walk.path();
    out += line_end_;
  }

 private:
  char line_end_;
};

// ---------------------------------------------------------------- long

// Names of accounts in a column's width, each looked up once: a lookup may ask a server.
template <class Id>
class AccountNames {
 public:
  explicit AccountNames(std::string (*look_up)(Id)) : look_up_(look_up) {}

  const std::string& of(Id id) {
    const auto found = names_.find(id);
    if (found != names_.end()) return found->second;
    return names_.emplace(id, fmt::format("{:<8}", look_up_(id))).first->second;
  }

 private:
  std::string (*look_up_)(Id);
  std::unordered_map<Id, std::string> names_;
};

// Files of one batch share their seconds, and a second asked again costs nothing. Anything coarser
// would have to know where the time zone's offset changes.
class LocalTimeText {
 public:
  LocalTimeText() { ::tzset(); }

  // "2026-11-23 05:40:00"; the plain number for a year that the calendar does not reach.
  std::string_view of(std::int64_t seconds) {
    if (seconds_ != seconds) text_ = make(seconds);
    seconds_ = seconds;
    return text_;
  }

 private:
  static std::string make(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm local{};
    if (::localtime_r(&time, &local) == nullptr) return std::to_string(seconds);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", local.tm_year + std::int64_t{1900},
                       local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
  }

  std::optional<std::int64_t> seconds_;
  std::string text_;
};

// Which of the two is known when it is made: a listing without colours pays nothing for those with.
template <bool colored>
class LongFormatter final : public Formatter {
 public:
  explicit LongFormatter(char line_end) : line_end_(line_end) {}

  void append(const TreeWalk& walk, std::string& out) override {
    const auto status = walk.status();
    if (!status) return;
    std::optional<std::string> target;
    if (walk.type() == EntryType::symlink && !(target = walk.link_target())) return;
    append_status(*status, out);
    if constexpr (colored) {
      append_colored(walk.path(), name_color(status->mode), out);
    } else {
      out += walk.path();
    }
    if (target) out.append(" -> ").append(*target);
    out += line_end_;
  }

 private:
  // The widths are fixed: those that fit would be known only when the directory has been read to
  // its end, and differ from one directory to the next.
  void append_status(const os::EntryStatus& status, std::string& out) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{} {} {} {:>10} {}.{:09} "),
                   os::permissions_text(status.mode), users_.of(status.user),
                   groups_.of(status.group), size_text(status), times_.of(status.mtime.seconds),
                   status.mtime.nanoseconds);
  }

  static std::string size_text(const os::EntryStatus& status) {
    if (entry_type(os::file_type(status.mode)) != EntryType::device)
      return std::to_string(status.size);
    return fmt::format("{}, {}", status.device_major, status.device_minor);
  }

  char line_end_;
  AccountNames<uid_t> users_{os::user_name};
  AccountNames<gid_t> groups_{os::group_name};
  LocalTimeText times_;
};

// ---------------------------------------------------------------- tree

// As messages show it: a line break in a name would break the picture.
std::string without_control_characters(std::string_view text) {
  const std::string shown = quoted(text);
  return shown.substr(1, shown.size() - 2);
}

template <bool colored>
class TreeFormatter final : public Formatter {
 public:
  explicit TreeFormatter(const boost::filesystem::path& directory) : root_(directory.native()) {}

  void begin(std::string& out) override {
    append_name(root_, directory_color, out);
    out += '\n';
  }

  void append(const TreeWalk& walk, std::string& out) override {
    std::optional<std::string> target;
    if (walk.type() == EntryType::symlink && !(target = walk.link_target())) return;
    indent_.resize(indent_lengths_[walk.depth()]);
    out += indent_;
    out += walk.is_last_of_directory() ? "└── " : "├── ";
    append_name(walk.name(), color_of(walk), out);
    if (target) out.append(" -> ").append(without_control_characters(*target));
    out += '\n';
    count(walk);
  }

  void end(std::string& out) override {
    fmt::format_to(std::back_inserter(out), "\n{} director{}, {} file{}\n", directories_,
                   directories_ == 1 ? "y" : "ies", files_, files_ == 1 ? "" : "s");
  }

 private:
  static std::string_view color_of(const TreeWalk& walk) {
    if constexpr (!colored) return "";
    const auto status = walk.status();
    return status ? name_color(status->mode) : "";
  }

  static void append_name(std::string_view name, std::string_view color, std::string& out) {
    const auto shown = without_control_characters(name);
    if constexpr (colored) {
      append_colored(shown, color, out);
    } else {
      out += shown;
    }
  }

  void count(const TreeWalk& walk) {
    if (walk.type() == EntryType::directory) {
      ++directories_;
      indent_entries_of(walk);
    } else {
      ++files_;
    }
  }

  void indent_entries_of(const TreeWalk& walk) {
    indent_ += walk.is_last_of_directory() ? "    " : "│   ";
    indent_lengths_.resize(walk.depth() + 1);
    indent_lengths_.push_back(indent_.size());
  }

  std::string root_;
  std::string indent_;
  std::vector<std::size_t> indent_lengths_{0};  // by depth
  std::uint64_t directories_ = 0;
  std::uint64_t files_ = 0;
};

// ---------------------------------------------------------------- json

std::string_view type_name(EntryType type) {
  switch (type) {
    case EntryType::file:
      return "file";
    case EntryType::directory:
      return "directory";
    case EntryType::symlink:
      return "symlink";
    case EntryType::fifo:
      return "fifo";
    case EntryType::socket:
      return "socket";
    case EntryType::device:
      return "device";
    case EntryType::unknown:
      break;
  }
  return "unknown";
}

class JsonFormatter final : public Formatter {
 public:
  void begin(std::string& out) override { out += '['; }

  void append(const TreeWalk& walk, std::string& out) override {
    const auto status = walk.status();
    if (!status) return;
    std::optional<std::string> target;
    if (walk.type() == EntryType::symlink && !(target = walk.link_target())) return;
    out += std::exchange(first_, false) ? "\n{" : ",\n{";
    text::append_text_member(out, "path", walk.path());
    append_status(*status, out);
    append_target(target, out);
    out += '}';
  }

  void end(std::string& out) override { out += "\n]\n"; }

 private:
  static void append_status(const os::EntryStatus& status, std::string& out) {
    fmt::format_to(std::back_inserter(out),
                   FMT_COMPILE(R"(, "type": "{}", "size": {}, "mode": "{:04o}", "mtime": ")"),
                   type_name(entry_type(os::file_type(status.mode))), status.size,
                   status.mode & 07777);
    text::append_decimal(out, status.mtime);
    out += '"';
  }

  static void append_target(const std::optional<std::string>& target, std::string& out) {
    if (!target) return;
    out += ", ";
    text::append_text_member(out, "target", *target);
  }

  bool first_ = true;
};

}  // namespace

std::unique_ptr<Formatter> make_formatter(const boost::filesystem::path& directory,
                                          const ListOptions& options) {
  const char line_end = options.null_terminated ? '\0' : '\n';
  switch (options.format) {
    case ListFormat::names:
      return std::make_unique<NamesFormatter>(line_end);
    case ListFormat::long_:
      if (options.colored && !options.null_terminated) {
        return std::make_unique<LongFormatter<true>>(line_end);
      }
      return std::make_unique<LongFormatter<false>>(line_end);
    case ListFormat::tree:
      if (options.colored) return std::make_unique<TreeFormatter<true>>(directory);
      return std::make_unique<TreeFormatter<false>>(directory);
    case ListFormat::json:
      return std::make_unique<JsonFormatter>();
    case ListFormat::none:
      break;
  }
  return nullptr;
}

}  // namespace ream
