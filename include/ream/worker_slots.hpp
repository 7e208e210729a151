// Leave to have one more worker, where somebody else counts those of several programs.
//
// A pool that is given such a source has its first worker by right: whoever started the program has
// counted that one. It asks for leave before it starts each further one, and gives that back when a
// worker ends. Only the driver asks and gives back, never a worker, so one that is killed takes
// nothing along.
#pragma once

namespace ream {

class WorkerSlots {
 public:
  virtual ~WorkerSlots() = default;

  // Leave for one more worker, where it can be had without waiting.
  virtual bool try_acquire() noexcept = 0;

  // Gives back one that try_acquire() has given.
  virtual void release() noexcept = 0;

  // A descriptor for poll(): readable when there may be leave, though somebody else may be quicker.
  // -1 where there will be none any more.
  virtual int descriptor() const noexcept = 0;
};

}  // namespace ream
