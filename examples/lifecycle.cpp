// The life of one process: parent and child know each other's pid, the parent goes on at once after
// start(), and it does not end before its child.
#include <chrono>
#include <iostream>
#include <ream/process.hpp>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

void tell_pids(std::string_view who, const ream::Process& child) {
  std::cout << who << ": the child is " << child.pid() << ", its parent " << child.ppid() << '\n';
}

int main() {
  ream::Process child([&child] {
    tell_pids("child", child);
    std::this_thread::sleep_for(1s);
    std::cout << "child: done\n";
  });
  child.start();
  tell_pids("parent", child);
  std::cout << "parent: at the end of main()" << std::endl;
  // Nobody calls join() here: the destructor of `child` does.
}
