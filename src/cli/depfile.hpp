// What a stamp depends on, in a file for make and ninja.
#pragma once

#include <string>
#include <string_view>

#include "ream/plan.hpp"

namespace ream::cli {

class Depfile {
 public:
  // Nothing is made before publish(), but what is wrong is known now: throws InputError where a
  // path has no form in a depfile (see text/depfile_text.hpp), or is one that make would read
  // otherwise, and where `file` lies in `directory`; Error where it could not be made. `manifest`
  // is a prerequisite, and so is what the plan copies; where it is empty there are none.
  Depfile(std::string file, const std::string& stamp, const Plan& plan, const std::string& manifest,
          std::string directory);

  void publish() const;  // Throws Error.

 private:
  static constexpr std::string_view what = "depfile";

  const std::string file_;
  const std::string directory_;
  const std::string text_;
};

}  // namespace ream::cli
