// A small batch that makes every kind of call that writing can make: twenty files in a few
// directories, some with a mode or a time, one of many pieces, one copied, and a link and a
// directory besides.
#pragma once

#include <string>

#include "support/temporary_directory.hpp"
#include "support/tree_image.hpp"

namespace ream::test {

// What a line of the manifest asks for.
struct WantedEntry {
  Entry entry;
  bool has_mode = false;
  bool has_mtime = false;
};
using WantedTree = std::map<std::string, WantedEntry>;

inline constexpr int files_of_twenty = 20;

inline const std::string& copied_content() {
  static const std::string content(5000, 'c');
  return content;
}

inline std::string path_of_twenty(int number) {
  static const char* const directories[] = {"", "a/", "a/b/", "c/"};
  return directories[number % 4] + ("f" + std::to_string(number));
}

inline WantedEntry file_of_twenty(int number) {
  WantedEntry wanted;
  const auto character = static_cast<char>('a' + number);
  wanted.entry.content.assign(number == 6 ? 700'000U : 40U * static_cast<unsigned>(number),
                              character);
  if (number == 7) wanted.entry.content = copied_content();
  wanted.has_mode = number % 5 == 0;
  wanted.entry.mode = wanted.has_mode ? 0640 : 0644;
  wanted.has_mtime = number % 6 == 1;
  if (wanted.has_mtime) wanted.entry.mtime_seconds = 1'000'000'000 + number;
  return wanted;
}

// Under umask 022.
inline WantedTree wanted_twenty() {
  WantedTree wanted;
  for (int i = 0; i < files_of_twenty; ++i) wanted[path_of_twenty(i)] = file_of_twenty(i);
  for (const char* made : {"a", "a/b", "c"}) wanted[made] = {{Kind::directory, "", 0755, 0, 0}};
  wanted["latest"] = {{Kind::link, "f4", 0777, 5, 0}, false, true};
  wanted["empty"] = {{Kind::directory, "", 0750, 7, 0}, true, true};
  return wanted;
}

inline std::string attributes_of(const WantedEntry& wanted) {
  std::string text;
  if (wanted.has_mode)
    text += wanted.entry.mode == 0640 ? R"(, "mode": "0640")" : R"(, "mode": "0750")";
  if (wanted.has_mtime) {
    text += R"(, "mtime": ")" + std::to_string(wanted.entry.mtime_seconds) + "\"";
  }
  return text + "}\n";
}

inline std::string content_of_twenty(int number, const std::string& content) {
  if (number == 7) return R"("from": "source")";
  if (number != 6) return R"("content": ")" + content + "\"";
  return R"("fill": ")" + content.substr(0, 1) + R"(", "size": )" + std::to_string(content.size());
}

inline std::string manifest_of_twenty() {
  std::string text;
  auto wanted = wanted_twenty();
  for (int i = 0; i < files_of_twenty; ++i) {
    const auto path = path_of_twenty(i);
    text += R"({"path": ")" + path + "\", " + content_of_twenty(i, wanted[path].entry.content) +
            attributes_of(wanted[path]);
  }
  text += R"({"path": "latest", "symlink": "f4")" + attributes_of(wanted["latest"]);
  text += R"({"path": "empty", "directory": true)" + attributes_of(wanted["empty"]);
  return text;
}

// Of an older batch: every second file is what the new one wants, the others are not, and a file
// is there of which the new one knows nothing.
inline void write_old_twenty(const TemporaryDirectory& directory, const std::string& name) {
  for (int i = 0; i < files_of_twenty; ++i) {
    const auto path = name + "/" + path_of_twenty(i);
    const auto wanted = file_of_twenty(i);
    directory.write_file(path, i % 2 == 0 ? wanted.entry.content : "old " + std::to_string(i));
    directory.set_mode(path, wanted.entry.mode);
  }
  directory.make_link("elsewhere", name + "/latest");
  directory.write_file(name + "/mine", "mine");
}

}  // namespace ream::test
