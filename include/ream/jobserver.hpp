// How many workers GNU make grants to a program that one of its recipes started.
//
//   const ream::MakeJobs make = ream::make_jobs_from_environment();
//   if (!make.warning.empty()) std::cerr << make.warning << '\n';
//   ream::write_batch(plan, "out", {.workers = make.workers, .slots = make.slots.get()});
//
// The protocol is the one of the manual's section "Sharing Job Slots with GNU make": a FIFO holds a
// byte, a token, for each job that may still be begun; who begins one beside its first takes a byte
// out, and puts the very same one back. MAKEFLAGS says where the FIFO is: --jobserver-auth=R,W (two
// descriptors, make 4.2 and 4.3), --jobserver-auth=fifo:PATH (4.4) or --jobserver-fds=R,W (before).
// The last one holds.
//
// The FIFO is shared with make and all that it runs, and is taken as it is: whether descriptors
// block belongs to whoever has them, so they are left alone, and the FIFO is opened again through
// /proc/self/fd. Tokens come back however the pool's run ends. What gives nothing back is a signal
// that the program neither stops by nor ignores: SIGKILL. make then has fewer jobs until it ends.
#pragma once

#include <memory>
#include <string>

#include "ream/worker_slots.hpp"

namespace ream {

struct MakeJobs {
  unsigned workers = 0;                // at most so many; 0: make does not say
  std::unique_ptr<WorkerSlots> slots;  // leave for each beyond the first; none: they need none
  std::string warning;  // why a jobserver that is named is of no use, and what to do: one worker
};

// `makeflags` is what make puts into the environment. Call it before the program opens anything: a
// recipe that make takes for no make finds closed descriptors named, and their numbers are given
// out again.
MakeJobs make_jobs(const std::string& makeflags);

// By MAKEFLAGS of the environment; make says nothing where there is none.
MakeJobs make_jobs_from_environment();

}  // namespace ream
