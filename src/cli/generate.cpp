#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/arguments.hpp"
#include "cli/batch_command.hpp"
#include "cli/command.hpp"
#include "os/standard_streams.hpp"
#include "ream/generator.hpp"
#include "text/size_text.hpp"

namespace ream::cli {

namespace {

constexpr auto any_number = std::numeric_limits<std::uint64_t>::max();
// Counts are kept as numbers from 1 up, and a slot for each in memory.
constexpr auto most_files = std::uint64_t{1} << 40;

CommandLine command_line() {
  auto files = option_group("Files");
  files.add_options()("count", takes("N"), "how many (default: 500)")(
      "size", takes("SIZE"), "bytes of each: 4K, or from 1K..64K (default: its number)")(
      "fill", takes("CHARACTER|zero|random|text"), "what is in them (default: =)")(
      "name", takes("PATTERN"), "{} is the number: page-{:05}.html (default: info{})")(
      "per-dir", takes("N"), "spread over directories of at most N files")(
      "seed", takes("N"), "of sizes and contents that are drawn (default: 1)");
  CommandLine line;
  line.command = "generate";
  line.about =
      R"(Writes generated files into DIR, which is made, parents too, where it is absent, and lists it
when all workers have ended.)";
  line.positional = {"DIR"};
  line.example = "  ream generate --count 20000 --size 4K -j4 --list none out";
  line.groups.push_back(files);
  add_batch_options(line);
  return line;
}

std::uint64_t size_of(std::string_view text, std::string_view whole) {
  const auto size = text::parse_size(text);
  if (!size) refuse_value("--size", whole, text::size_help);
  return *size;
}

void set_size(GeneratorOptions& options, const std::string& text) {
  const auto dots = text.find("..");
  options.size = size_of(text.substr(0, dots), text);
  if (dots == text.npos) return;
  options.largest_size = size_of(text.substr(dots + 2), text);
  if (*options.largest_size < *options.size) {
    refuse_value("--size", text, "a range that begins with the smaller size");
  }
}

bool is_one_character(std::string_view text) {
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  if (text.empty() || is_continuation(text.front())) return false;
  return std::all_of(text.begin() + 1, text.end(), is_continuation);
}

void set_fill(GeneratorOptions& options, const std::string& text) {
  using FillKind = GeneratorOptions::FillKind;
  if (text == "random") {
    options.fill = FillKind::random;
  } else if (text == "text") {
    options.fill = FillKind::text;
  } else if (text == "zero") {
    options.fill_unit = std::string(1, '\0');
  } else if (is_one_character(text)) {
    options.fill_unit = text;
  } else {
    refuse_value("--fill", text, "one character, zero, random or text");
  }
}

GeneratorOptions generator_options(const Arguments& arguments) {
  GeneratorOptions options;
  options.count = arguments.number("count", 1, most_files).value_or(options.count);
  options.seed = arguments.number("seed", 0, any_number).value_or(options.seed);
  options.files_per_directory = arguments.number("per-dir", 1, any_number).value_or(0);
  if (const auto size = arguments.text("size")) set_size(options, *size);
  if (const auto fill = arguments.text("fill")) set_fill(options, *fill);
  if (const auto name = arguments.text("name")) options.name = *name;
  return options;
}

int run(const Arguments& arguments) {
  const auto settings = batch_settings(arguments);
  return run_batch(*make_generator(generator_options(arguments)), settings);
}

const RegisteredCommand generate_command(
    {CommandGroup::writing, "generate",
     "write generated files: so many, so large, named by a pattern", command_line, run});

}  // namespace

}  // namespace ream::cli
