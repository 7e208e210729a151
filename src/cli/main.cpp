#include <csignal>
#include <exception>
#include <new>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/say.hpp"
#include "cli/version_text.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"

namespace {

using namespace ream;
using namespace ream::cli;

int complain(std::string_view text, int exit_code) {
  say(text);
  return exit_code;
}

int run(const Words& words) {
  if (words.empty()) throw UsageError("a command is missing; 'ream help' lists them");
  const auto& first = words.front();
  if (first == "--help" || first == "-h") return run_help({});
  if (first == "--version") {
    os::write_standard_output(version_text());
    return all_there;
  }
  const Words rest(words.begin() + 1, words.end());
  if (first == "help") return run_help(rest);
  const auto command = find_command(first);
  if (!command) throw_no_command(first);
  return run_command(*command, rest);
}

}  // namespace

int main(int count, char** words) {
  try {
    os::ensure_standard_streams();
    os::ignore_signal(SIGPIPE);  // a closed pipe is an error with a name, not a silent end
    os::ignore_signal(SIGXFSZ);  // and so is a file that grows beyond the limit
    os::reset_signal(SIGCHLD);   // where it is ignored, no status of a child can be had
    return run(Words(words + 1, words + count));
  } catch (const UsageError& error) {
    return complain(error.what(), bad_usage);
  } catch (const InputError& error) {
    return complain(error.what(), bad_usage);
  } catch (const std::bad_alloc&) {
    return complain("there is not enough memory", some_missing);
  } catch (const std::exception& error) {
    return complain(error.what(), some_missing);
  }
}
