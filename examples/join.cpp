// join() returns when the child has ended: whatever comes after it comes after all that the child
// did. How the child ended can be asked then.
#include <chrono>
#include <iostream>
#include <ream/process.hpp>
#include <thread>

using namespace std::chrono_literals;

void work() {
  std::this_thread::sleep_for(500ms);
  std::cout << "child: done\n";
}

int main() {
  ream::Process child(work);
  child.start();
  std::cout << "parent: waits" << std::endl;

  if (!child.join_for(1ms)) std::cout << "parent: it runs, waits on" << std::endl;
  child.join();
  std::cout << "parent: the child " << child.exit_status()->to_string() << std::endl;
}
