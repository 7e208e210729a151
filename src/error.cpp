#include "ream/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

namespace ream {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Operation::run) + 1>
    operation_names = {
        "go on",
        "open",
        "open the directory",
        "create",
        "create the directory",
        "create the link",
        "read",
        "write",
        "close",
        "set the mode of",
        "set the time of",
        "remove",
        "inspect",
        "list",
        "map",
        "check the digest of",
        "lock",
        "sync",
        "publish",
        "start the process",
        "wait for",
        "listen on",
        "accept a connection on",
        "run",
};

constexpr std::array<std::string_view, static_cast<std::size_t>(Reason::old_is_kept) + 1> reasons =
    {
        "",
        "a symbolic link is in the way, and links beneath the directory are not followed",
        "something that is no directory is in the way",
        "it is not a regular file",
        "it ended before the size that it had when it was opened",
        "its content does not have the sha256 that it should have",
        "more than 16 files are mapped at once",
        "the program ends",
        "it is not empty (--if-exists replace exchanges it for the batch, --atomic file adds to "
        "it)",
        "something is mounted on it, so it cannot be replaced as a whole (--atomic file can be)",
        "the working directory is in it, and would be gone (--atomic file can be)",
        "it has no name that could be given to the batch (--atomic file can be)",
        "its filesystem cannot exchange two directories at once (--atomic file replaces files)",
        "it has what was replaced, and stays while the new may not be on the disk ('ream clean' "
        "removes it)",
};
static_assert(!operation_names.back().empty() && !reasons.back().empty(), "one text for each");

// What follows the reason where there is something that a person can do.
std::string_view advice(Operation operation, int error_number) {
  if (operation == Operation::start_process && error_number == EAGAIN) {
    return " (too many processes: ask for fewer at once, or raise the limit that 'ulimit -u' "
           "shows)";
  }
  if (error_number == EMFILE) return " (raise the limit that 'ulimit -n' shows)";
  return {};
}

// The second byte of a sequence rules out overlong forms, surrogates and what is above U+10FFFF
// (the table "Well-Formed UTF-8 Byte Sequences" of the Unicode standard).
bool is_second_byte(unsigned char lead, unsigned char second) {
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= least && second <= most;
}

// Of the sequence at the beginning; 0 where there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length > text.size() || !is_second_byte(lead, byte(1))) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

std::string_view to_string(Operation operation) noexcept {
  return operation_names[static_cast<std::size_t>(operation)];
}

std::string_view to_string(Reason reason) noexcept {
  return reasons[static_cast<std::size_t>(reason)];
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool c1_control =
        length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (length == 0 || first < 0x20 || first == 0x7F || c1_control) {
      result += fmt::format("\\x{:02x}", first);
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result + "'";
}

std::string describe_failure(Operation operation, std::string_view path, int error_number,
                             Reason reason) {
  std::string text = fmt::format("cannot {} {}: ", to_string(operation), quoted(path));
  if (error_number != 0) text += ::strerror(error_number);
  if (error_number != 0 && reason != Reason::none) text += "; ";
  text += to_string(reason);
  text += advice(operation, error_number);
  return text;
}

Error::Error(Operation operation, std::string path, int error_number, Reason reason)
    : std::runtime_error(describe_failure(operation, path, error_number, reason)),
      operation_(operation),
      reason_(reason),
      error_number_(error_number),
      path_(std::move(path)) {}

InputError::InputError(std::string place, std::string problem)
    : std::invalid_argument(fmt::format("{}: {}", place, problem)),
      place_(std::move(place)),
      problem_(std::move(problem)) {}

}  // namespace ream
