#include "ream/jobserver.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "os/token_pipe.hpp"
#include "ream/error.hpp"
#include "text/make_flags.hpp"

namespace ream {

namespace {

using text::JobserverFifo;
using text::JobserverPipe;
using text::MakeFlags;

class Jobserver final : public WorkerSlots {
 public:
  explicit Jobserver(os::TokenPipe pipe) : pipe_(std::move(pipe)) {}
  Jobserver(const Jobserver&) = delete;
  Jobserver& operator=(const Jobserver&) = delete;
  ~Jobserver() override {
    while (!held_.empty()) release();
  }

  // Room first: a token that is out of the pipe must not be lost to a lack of memory.
  bool try_acquire() noexcept override try {
    held_.reserve(held_.size() + 1);
    const auto token = pipe_.take();
    if (token) held_.push_back(*token);
    return token.has_value();
  } catch (const std::bad_alloc&) {
    return false;
  }

  void release() noexcept override {
    pipe_.put_back(held_.back());
    held_.pop_back();
  }

  int descriptor() const noexcept override { return pipe_.descriptor(); }

 private:
  os::TokenPipe pipe_;
  std::vector<char> held_;
};

constexpr std::string_view advice_for_pipe = "put + before the recipe line (or use $(MAKE) in it)";

MakeJobs one_worker(const MakeFlags& flags, std::string_view why, std::string_view what_to_do) {
  return {1, nullptr,
          fmt::format("one worker only, since make's jobserver is out of reach: {} of MAKEFLAGS {}"
                      "; {}, or say with --jobs how many workers it may be",
                      quoted(flags.jobserver_option), why, what_to_do)};
}

class Connection {
 public:
  explicit Connection(const MakeFlags& flags) : flags_(flags) {}

  MakeJobs operator()(const JobserverPipe& pipe) const {
    return over(os::open_token_pipe(pipe.read, pipe.write), "names no open pipe", advice_for_pipe);
  }
  MakeJobs operator()(const JobserverFifo& fifo) const {
    return over(os::open_token_pipe(fifo.path), "names no FIFO", "run it from a recipe");
  }
  MakeJobs operator()(const text::UnknownJobserver&) const {
    return one_worker(flags_, "is of a kind that ream does not know", "use make 4.4 or older");
  }

 private:
  MakeJobs over(std::optional<os::TokenPipe> pipe, std::string_view why,
                std::string_view what_to_do) const {
    if (!pipe) return one_worker(flags_, why, what_to_do);
    return {flags_.jobs.value_or(0), std::make_unique<Jobserver>(std::move(*pipe)), ""};
  }

  const MakeFlags& flags_;
};

}  // namespace

MakeJobs make_jobs(const std::string& makeflags) {
  const auto flags = text::parse_make_flags(makeflags);
  if (flags.jobs == 1U) return {1, nullptr, ""};
  if (!flags.jobserver) return {};
  try {
    return std::visit(Connection(flags), *flags.jobserver);
  } catch (const Error& error) {
    return one_worker(flags, fmt::format("is of no use here ({})", error.what()),
                      "see that this user may open it");
  }
}

MakeJobs make_jobs_from_environment() {
  const char* makeflags = std::getenv("MAKEFLAGS");
  return makeflags != nullptr ? make_jobs(makeflags) : MakeJobs{};
}

}  // namespace ream
