// Some dozens of processes run side by side, and join_all() is a barrier: the parent's next line
// comes when the last of them has ended.
#include <chrono>
#include <iostream>
#include <ream/process.hpp>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

void work(int number) {
  std::this_thread::sleep_for(500ms);
  std::cout << "child " << number << " is done\n";
}

int main() {
  constexpr int count = 48;
  std::vector<ream::Process> children;
  for (int number = 1; number <= count; ++number) children.emplace_back(work, number);

  for (auto& child : children) child.start();
  std::cout << "parent: " << count << " children are started" << std::endl;
  ream::join_all(children);
  std::cout << "parent: all of them have ended" << std::endl;
}
