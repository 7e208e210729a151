#include "process/record.hpp"

namespace ream::detail {

ProcessRecord::ProcessRecord(ProcessOptions options, std::string its_identity,
                             bool daemon_by_default)
    : name(std::move(options.name)),
      identity(std::move(its_identity)),
      daemon(options.daemon.value_or(daemon_by_default)),
      ends_with_parent(options.ends_with_parent.value_or(daemon)),
      may_have_children(options.may_have_children.value_or(!daemon)),
      grace(options.grace),
      creator(os::current_pid()) {
  if (name.empty()) name = "Process-" + identity;
}

void ProcessRecord::set_daemon(bool value) {
  daemon = value;
  ends_with_parent = value;
  may_have_children = !value;
}

}  // namespace ream::detail
