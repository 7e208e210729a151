// A class of its own for a kind of process: it derives from ream::Process, keeps what it needs in
// members, and overrides run(). Each instance is a process with a name and a pid.
#include <iostream>
#include <ream/process.hpp>
#include <string>
#include <utility>
#include <vector>

class Summer : public ream::Process {
 public:
  Summer(std::string name, int first, int last)
      : Process({.name = std::move(name)}), first_(first), last_(last) {}

  void run() override {
    int sum = 0;
    for (int number = first_; number <= last_; ++number) sum += number;
    std::cout << name() << " (pid " << pid() << "): the sum is " << sum << '\n';
  }

 private:
  int first_;
  int last_;
};

int main() {
  std::vector<Summer> summers;
  summers.emplace_back("1 to 10", 1, 10);
  summers.emplace_back("1 to 100", 1, 100);
  summers.emplace_back("1 to 1000", 1, 1000);

  for (auto& summer : summers) {
    summer.start();
    std::cout << "started " << summer.name() << " (pid " << summer.pid() << ")\n";
  }
  ream::join_all(summers);
}
