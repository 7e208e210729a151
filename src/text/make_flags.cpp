#include "text/make_flags.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace ream::text {

namespace {

constexpr std::string_view blanks = " \t\n";

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

bool is_blank(char c) {
  return blanks.find(c) != blanks.npos;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool within = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_blank(text[i])) {
      within = false;
      continue;
    }
    if (!within) words.emplace_back();
    within = true;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    words.back() += text[i];
  }
  return words;
}

// make itself takes a first word without a dash for letters, unless it sets a variable.
bool has_letters(const std::string& first) {
  return first.front() != '-' && first.find('=') == first.npos;
}

bool forbids_writing(std::string_view letters) {
  return letters.find_first_of("nqt") != letters.npos;
}

std::optional<JobserverPipe> parse_pipe(std::string_view numbers) {
  const auto comma = numbers.find(',');
  if (comma == numbers.npos) return std::nullopt;
  const auto read = parse_number<int>(numbers.substr(0, comma));
  const auto write = parse_number<int>(numbers.substr(comma + 1));
  if (!read || !write) return std::nullopt;
  return JobserverPipe{*read, *write};
}

void set_jobserver(MakeFlags& flags, const std::string& word) {
  constexpr std::string_view fifo = "fifo:";
  const auto where = std::string_view(word).substr(word.find('=') + 1);
  flags.jobserver_option = word;
  if (where.starts_with(fifo)) {
    flags.jobserver = JobserverFifo{std::string(where.substr(fifo.size()))};
  } else if (const auto pipe = parse_pipe(where)) {
    flags.jobserver = *pipe;
  } else {
    flags.jobserver = UnknownJobserver{};
  }
}

void take(MakeFlags& flags, const std::string& word) {
  if (word.starts_with("--jobserver-auth=") || word.starts_with("--jobserver-fds=")) {
    set_jobserver(flags, word);
  } else if (word.starts_with("-j")) {
    flags.jobs = parse_number<unsigned>(std::string_view(word).substr(2));
  }
}

}  // namespace

MakeFlags parse_make_flags(std::string_view makeflags) {
  MakeFlags flags;
  const auto words = words_of(makeflags);
  if (words.empty()) return flags;
  flags.dry_run = has_letters(words.front()) && forbids_writing(words.front());
  for (const auto& word : words) {
    if (word == "--") break;
    take(flags, word);
  }
  return flags;
}

}  // namespace ream::text
