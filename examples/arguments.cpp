// A target takes arguments of any types. They are copied or moved into the Process when it is made,
// as std::thread does it, and the child gets its own copy of them.
#include <iostream>
#include <memory>
#include <ream/process.hpp>
#include <string>
#include <vector>

void print_total(const std::string& item, int count, double price) {
  std::cout << count << " x " << item << ": " << count * price << '\n';
}

void print_sum(const std::vector<int>& numbers) {
  int sum = 0;
  for (const int number : numbers) sum += number;
  std::cout << "sum of " << numbers.size() << " numbers: " << sum << '\n';
}

struct Greeter {
  std::string greeting;
  void greet(const std::string& name) const { std::cout << greeting << ", " << name << '\n'; }
};

void run(ream::Process process) {
  process.start();
  process.join();
}

int main() {
  run(ream::Process(print_total, "apples", 3, 0.5));
  run(ream::Process(print_sum, std::vector{1, 2, 3, 4}));
  run(ream::Process(&Greeter::greet, Greeter{"Hello"}, "world"));

  // What can only be moved is moved in, and moved on into the target.
  auto owned = std::make_unique<std::string>("moved, not copied");
  run(ream::Process([](std::unique_ptr<std::string> text) { std::cout << *text << '\n'; },
                    std::move(owned)));

  // What the target changes is the child's own copy, even through std::ref().
  int number = 1;
  run(ream::Process([](int& changed) { changed = 2; }, std::ref(number)));
  std::cout << "number is still " << number << '\n';
}
