// Commands of others.
#pragma once

#include <string>
#include <string_view>

#include "ream/exit_status.hpp"

namespace ream::os {

// Has /bin/sh run `command`, with nothing on its standard input, and waits for its end, or until
// `stop_fd` is readable (-1: never), and ends it then: two seconds after a SIGTERM what still runs
// in its process group is killed. What it leaves running when it ends by itself is killed at once.
// Its standard output goes to standard error, or nowhere. Throws Error where no process can be
// started. It has a process group of its own: no signal from the terminal reaches it.
enum class Output { to_standard_error, nowhere };
ExitStatus run_in_shell(const std::string& command, Output output, int stop_fd = -1);

// Whether the shell takes it as it is, without quotes and within them.
bool is_plain_shell_word(std::string_view text);

// `text` as one word of the shell.
std::string shell_word(const std::string& text);

}  // namespace ream::os
