// Descriptors 0, 1 and 2 as a program sees them.
#pragma once

#include <string_view>

namespace ream::os {

// Opens /dev/null in place of those that are closed, or the next file that is opened would take the
// number and get what is meant for a person. Writing to a standard output that was closed is EBADF.
void ensure_standard_streams();

// Flushes exactly stdout, stderr, cout, cerr and clog, as far as something waits in them.
// fflush(NULL) could hang on a stream that another thread is blocked in.
void flush_standard_streams() noexcept;

// In a child: what another thread of the parent has put into C's stdout and stderr since they were
// flushed, the parent will write.
void drop_output() noexcept;

// Standard input is at its end from here on: /dev/null, and what C's stdin holds is dropped.
void empty_standard_input() noexcept;

// Writes all of `bytes` to standard output. Throws Error (write, "standard output").
void write_standard_output(std::string_view bytes);

// What cannot be written to standard error cannot be reported either.
void write_standard_error(std::string_view bytes) noexcept;

bool standard_error_is_terminal() noexcept;
bool standard_output_is_terminal() noexcept;

// Columns of the terminal on standard error; 80 where it does not say.
unsigned terminal_columns() noexcept;

}  // namespace ream::os
