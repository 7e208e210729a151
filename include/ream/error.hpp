// What the library throws.
//
// `Error` is a system operation that failed: it says what was being done, to which path, and why.
// `InputError` is input that was refused before anything was done: it says where in the input.
// Nothing in the library ends the program.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "ream/api.hpp"

namespace ream {

// What was being done when it failed. One byte, so that a worker can leave it in shared memory.
enum class Operation : std::uint8_t {
  none,
  open,
  open_directory,
  create,
  create_directory,
  create_link,
  read,
  write,
  close,
  set_mode,
  set_time,
  remove,
  inspect,
  list,
  map,
  check_digest,
  lock,
  sync,
  publish,
  start_process,
  wait,
  listen,
  accept,
  run,
};

// "create", "open the directory": reads well after "cannot".
REAM_API std::string_view to_string(Operation operation) noexcept;

// What errno cannot say, or says badly. One byte for the same reason.
enum class Reason : std::uint8_t {
  none,
  link_in_the_way,
  file_in_the_way,
  not_a_regular_file,
  ended_early,
  digest_differs,
  too_many_mappings,
  program_ends,
  not_empty,
  mount_point,
  working_directory,
  not_replaceable,
  no_exchange,
  old_is_kept,
};

REAM_API std::string_view to_string(Reason reason) noexcept;

// "cannot create 'a/b': No space left on device", with what can be done about it where that is
// known. The one form that messages of failures have. `error_number` is an errno value, 0 for none.
REAM_API std::string describe_failure(Operation operation, std::string_view path, int error_number,
                                      Reason reason = Reason::none);

// `text` in single quotes, with control characters and bytes that are not UTF-8 shown as escapes,
// so that a path from hostile input cannot steer the terminal that shows it.
REAM_API std::string quoted(std::string_view text);

class REAM_API Error : public std::runtime_error {
 public:
  // `error_number` is an errno value, 0 where `reason` says it all.
  Error(Operation operation, std::string path, int error_number, Reason reason = Reason::none);

  Operation operation() const noexcept { return operation_; }
  const std::string& path() const noexcept { return path_; }
  int error_number() const noexcept { return error_number_; }
  Reason reason() const noexcept { return reason_; }

 private:
  Operation operation_;
  Reason reason_;
  int error_number_;
  std::string path_;
};

// Bad input: a manifest's line, an option's value. `what()` begins with the place ("list.jsonl:3:
// ").
class REAM_API InputError : public std::invalid_argument {
 public:
  InputError(std::string place, std::string problem);

  const std::string& place() const noexcept { return place_; }
  const std::string& problem() const noexcept { return problem_; }

 private:
  std::string place_;
  std::string problem_;
};

}  // namespace ream
