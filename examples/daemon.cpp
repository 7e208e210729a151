// A daemon ends with its parent, however that ends; any other process is waited for where its
// parent ends normally. Here a daemon reports twice a second for as long as its parent lives, and a
// sibling is still at work when main() reaches its end.
#include <chrono>
#include <iostream>
#include <ream/process.hpp>
#include <thread>

using namespace std::chrono_literals;

// std::endl: what a daemon has not flushed when it is ended is lost.
void report(const ream::Process& self) {
  while (true) {
    std::cout << self.name() << " (pid " << self.pid() << "): alive" << std::endl;
    std::this_thread::sleep_for(500ms);
  }
}

void work() {
  std::this_thread::sleep_for(2s);
  std::cout << "sibling: done\n";
}

int main() {
  // Objects are destroyed in the opposite order: the sibling is waited for, then the daemon ended.
  ream::Process daemon({.name = "daemon", .daemon = true}, [&daemon] { report(daemon); });
  ream::Process sibling(work);
  daemon.start();
  sibling.start();
  std::this_thread::sleep_for(1s);
  std::cout << "parent: at the end of main()" << std::endl;
}
