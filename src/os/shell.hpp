// Commands of others.
#pragma once

#include <string>

#include "ream/exit_status.hpp"

namespace ream::os {

// Has /bin/sh run `command`, with nothing on its standard input, and waits for its end. What it
// prints on standard output goes to standard error where `quiet` is false, and nowhere otherwise.
// Throws Error where no process can be started. A signal from the terminal reaches it too.
enum class Output { to_standard_error, nowhere };
ExitStatus run_in_shell(const std::string& command, Output output);

// `text` as one word of the shell.
std::string shell_word(const std::string& text);

}  // namespace ream::os
