// What is remembered from a run that changed something until a stamp says so: an empty file beside
// the stamp. Else what a run changed before it failed, or was killed, would be no change for the
// run that succeeds.
#pragma once

#include <string>

namespace ream::cli {

class ChangeMark {
 public:
  // "STAMP.changed". Empty where there is no stamp: nothing is marked then.
  static std::string path_beside(const std::string& stamp);

  explicit ChangeMark(const std::string& stamp);

  // An earlier run left it.
  bool was_left() const noexcept { return was_left_; }

  void set() const;  // Throws Error.

  // Takes it away where it is this run's own. What cannot be removed costs a touch of the stamp.
  void take_back() const noexcept;

  void remove() const;  // Throws Error.

 private:
  const std::string path_;
  const bool was_left_;
};

}  // namespace ream::cli
