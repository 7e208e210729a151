#include "support/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace ream::test {
namespace {

using Clock = std::chrono::steady_clock;

int checked(int result, const char* what) {
  if (result == -1) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

int open_terminal() {
  const int master =
      checked(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), "posix_openpt");
  checked(grantpt(master), "grantpt");
  checked(unlockpt(master), "unlockpt");
  return master;
}

// A process that has ended counts no more, although it keeps its entry and its group until somebody
// waits for it: for an orphan that is up to the machine's first process, and not every container
// has one that does.
bool runs_in_group(const std::filesystem::path& process, pid_t group) {
  std::ifstream file(process / "stat");
  std::string text;
  std::getline(file, text);
  // "pid (name) state parent group ...", where the name may have spaces and brackets.
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  char state = 'Z';
  pid_t parent = 0;
  pid_t its_group = 0;
  rest >> state >> parent >> its_group;
  return its_group == group && state != 'Z' && state != 'X';
}

[[noreturn]] void refuse_to_start(const char* what) {
  dprintf(STDERR_FILENO, "cannot start: %s: %s\n", what, strerror(errno));
  _exit(127);
}

}  // namespace

std::string everything_in(int file) {
  std::string text;
  std::array<char, 65536> piece;
  for (ssize_t n;
       (n = pread(file, piece.data(), piece.size(), static_cast<off_t>(text.size()))) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(n));
  return text;
}

// Captured output goes into memory files, not pipes: no reader is needed while the program runs.
class Running::Stream {
 public:
  Stream(const Input& how, int number) : number_(number) {
    if (std::holds_alternative<Nothing>(how)) open_file("/dev/null");
    if (const auto* file = std::get_if<File>(&how)) open_file(file->path);
    if (const auto* text = std::get_if<Text>(&how)) {
      std::tie(theirs_, ours_) = make_pipe();
      checked(fcntl(ours_, F_SETFL, O_NONBLOCK), "fcntl");
      to_write_ = text->text;
      writes_ = true;
    }
  }

  Stream(const Output& how, int number) : number_(number) {
    if (const auto* file = std::get_if<File>(&how)) open_file(file->path);
    if (std::holds_alternative<Captured>(how)) {
      theirs_ = checked(memfd_create("captured", MFD_CLOEXEC), "memfd_create");
      checked(fcntl(theirs_, F_SETFL, O_APPEND), "fcntl");
      captured_ = true;
    }
    if (std::holds_alternative<Terminal>(how)) {
      ours_ = open_terminal();
      open_file(ptsname(ours_));
    }
    if (std::holds_alternative<BrokenPipe>(how)) {
      int reader = -1;
      std::tie(reader, theirs_) = make_pipe();
      close(reader);
    }
  }

  Stream(Stream&& other) noexcept
      : number_(other.number_),
        theirs_(std::exchange(other.theirs_, -1)),
        ours_(std::exchange(other.ours_, -1)),
        captured_(other.captured_),
        writes_(other.writes_),
        to_write_(std::move(other.to_write_)),
        written_(other.written_),
        said_(std::move(other.said_)) {}
  Stream& operator=(Stream&&) = delete;

  ~Stream() {
    if (theirs_ != -1) close(theirs_);
    close_ours();
  }

  // In the child. The descriptors are close-on-exec; a copy of one is not.
  void install() const {
    if (theirs_ == -1)
      close(number_);
    else if (theirs_ == number_)
      fcntl(theirs_, F_SETFD, 0);
    else
      dup2(theirs_, number_);
  }

  // In the parent, once the child has its copy: a pipe ends only when the last copy is closed.
  void release_theirs() {
    if (theirs_ != -1 && !captured_) close(std::exchange(theirs_, -1));
  }

  pollfd interest() const {
    return {.fd = ours_, .events = static_cast<short>(writes_ ? POLLOUT : POLLIN), .revents = 0};
  }

  void move() {
    if (ours_ == -1) return;
    if (writes_)
      move_out();
    else
      move_in();
  }

  std::string said() const { return captured_ ? everything_in(theirs_) : said_; }

 private:
  static std::pair<int, int> make_pipe() {
    std::array<int, 2> ends;
    checked(pipe2(ends.data(), O_CLOEXEC), "pipe2");
    return {ends[0], ends[1]};
  }

  void open_file(const std::string& path) {
    const int flags = number_ == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND;
    theirs_ = checked(open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0666), path.c_str());
  }

  void move_out() {
    while (written_ < to_write_.size()) {
      const ssize_t n = write(ours_, to_write_.data() + written_, to_write_.size() - written_);
      if (n == -1 && errno == EAGAIN) return;
      if (n == -1) break;  // EPIPE: the program does not want to know the rest
      written_ += static_cast<std::size_t>(n);
    }
    close_ours();
  }

  void move_in() {
    std::array<char, 4096> piece;
    ssize_t n = 0;
    while ((n = read(ours_, piece.data(), piece.size())) > 0)
      said_.append(piece.data(), static_cast<std::size_t>(n));
    // EIO is how a terminal says that nobody has it open on the other side any more.
    if (n == 0 || errno != EAGAIN) close_ours();
  }

  void close_ours() {
    if (ours_ != -1) close(std::exchange(ours_, -1));
  }

  int number_;
  int theirs_ = -1;
  int ours_ = -1;
  bool captured_ = false;
  bool writes_ = false;
  std::string to_write_;
  std::size_t written_ = 0;
  std::string said_;
};

Running::Running(const std::string& program, const std::vector<std::string>& arguments,
                 const RunOptions& options)
    : command_(program), timeout_(options.timeout) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) {
    command_ += ' ' + argument;
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  streams_.reserve(3);
  streams_.emplace_back(options.in, STDIN_FILENO);
  streams_.emplace_back(options.out, STDOUT_FILENO);
  streams_.emplace_back(options.err, STDERR_FILENO);
  signal(SIGPIPE, SIG_IGN);  // a program that does not read its input is no end of ours

  pid_ = checked(fork(), "fork");
  if (pid_ == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const Stream& stream : streams_) stream.install();
    if (!options.directory.empty() && chdir(options.directory.c_str()) == -1)
      refuse_to_start(options.directory.c_str());
    forget_what_steers_ream();
    for (const auto& [name, value] : options.environment)
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    if (options.before_exec) options.before_exec();
    execvp(argv[0], argv.data());
    refuse_to_start(argv[0]);
  }
  setpgid(pid_, pid_);  // both sides do it, so that neither has to wait for the other
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  for (Stream& stream : streams_) stream.release_theirs();
}

Running::~Running() {
  send_signal_to_group(SIGKILL);
  if (!reaped_) reap();
  if (pidfd_ != -1) close(pidfd_);
}

void Running::send_signal(int signal) noexcept {
  if (!reaped_) kill(pid_, signal);
}

void Running::send_signal_to_group(int signal) noexcept {
  kill(-pid_, signal);
}

bool Running::anyone_left() const {
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    if (runs_in_group(process.path(), pid_)) return true;
  }
  return false;
}

int Running::reap() noexcept {
  int status = 0;
  waitpid(pid_, &status, 0);
  reaped_ = true;
  return status;
}

std::string Running::out_so_far() {
  serve(0);
  return streams_[1].said();
}

std::string Running::err_so_far() {
  serve(0);
  return streams_[2].said();
}

bool Running::serve(int timeout_ms) {
  std::array<pollfd, 4> polled{pollfd{.fd = pidfd_, .events = POLLIN, .revents = 0},
                               streams_[0].interest(), streams_[1].interest(),
                               streams_[2].interest()};
  poll(polled.data(), polled.size(), timeout_ms);
  for (Stream& stream : streams_) stream.move();
  return polled[0].revents != 0;
}

Ended Running::wait() {
  const auto deadline = Clock::now() + timeout_;
  for (bool over = false; !over;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      send_signal_to_group(SIGKILL);
      reap();
      throw std::runtime_error("no end within the timeout: " + command_ + "\n" +
                               streams_[2].said());
    }
    over = serve(static_cast<int>(left.count()));
  }
  const int status = reap();
  serve(0);
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          .out = streams_[1].said(),
          .err = streams_[2].said()};
}

void forget_what_steers_ream() noexcept {
  for (const char* name :
       {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "REAM_JOBS", "REAM_PROGRESS", "NO_COLOR"}) {
    unsetenv(name);
  }
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds timeout) {
  for (const auto deadline = Clock::now() + timeout; Clock::now() < deadline;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return condition();
}

}  // namespace ream::test
