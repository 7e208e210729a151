// terminate() asks a process to end by SIGTERM and returns at once: the process may be alive for a
// moment longer. After join() it is not, and its exit code tells of the signal.
#include <chrono>
#include <iostream>
#include <ream/process.hpp>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

void tell(std::string_view when, const ream::Process& process) {
  std::cout << when << ": " << (process.is_alive() ? "alive" : "not alive") << '\n';
}

int main() {
  ream::Process sleeper({.name = "sleeper"}, [] { std::this_thread::sleep_for(1min); });
  tell("before start()", sleeper);
  sleeper.start();
  std::cout << "name: " << sleeper.name() << ", pid: " << sleeper.pid() << '\n';
  tell("after start()", sleeper);

  sleeper.terminate();
  tell("just after terminate()", sleeper);  // mostly still alive
  sleeper.join();
  tell("after join()", sleeper);
  std::cout << "exit code " << *sleeper.exitcode() << ": " << sleeper.exit_status()->to_string()
            << '\n';
}
