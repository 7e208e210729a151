// A process has its own copy of all memory: what the child does to a global variable, the parent
// never sees.
#include <iostream>
#include <ream/process.hpp>

int global = 200;

void set_to_zero() {
  global = 0;
  std::cout << "child: global is " << global << '\n';
}

int main() {
  ream::Process child(set_to_zero);
  child.start();
  child.join();
  std::cout << "parent: global is " << global << '\n';
}
