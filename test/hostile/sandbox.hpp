// A place with a target directory, and a tree around it that nobody may touch.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "hostile/snapshot.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

namespace ream::test {

class Sandbox {
 public:
  Sandbox() {
    add({{"path", "secret"}, {"content", "not yours"}});
    add({{"path", "outside/secret"}, {"content", "not yours"}, {"mode", "0640"}});
    add({{"path", "outside/tool"}, {"content", "#!/bin/sh\n"}, {"mode", "4755"}});
    add({{"path", "outside/d/inner"}, {"content", "not yours"}});
    add({{"path", "outside/empty"}, {"directory", true}, {"mode", "1777"}});
    add({{"path", "outside/link"}, {"symlink", "secret"}});
    add({{"path", "out-evil/secret"}, {"content", "not yours"}});
  }
  ~Sandbox() {
    boost::system::error_code too_deep;
    boost::filesystem::remove_all(work(), too_deep);
    if (too_deep) run("rm", {"-rf", work().native()});
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  boost::filesystem::path work() const { return directory_ / "a/place"; }
  boost::filesystem::path target() const { return work() / "out"; }

  // An entry as a case has it, its path relative to work().
  void add(const boost::json::object& entry) const {
    const auto path = work() / text(entry, "path");
    boost::filesystem::create_directories(path.parent_path());
    make(entry, path.native());
    if (entry.contains("mode")) {
      expect(::chmod(path.c_str(), static_cast<mode_t>(std::stoul(text(entry, "mode"), {}, 8))),
             path.native());
    }
    make_old(path);
  }

  // From now on nothing may change around the target. Times are old, so that a change shows in the
  // same tick of the clock too.
  void close() {
    for (const auto& entry : what_is_around()) make_old(directory_ / entry.first);
    around_ = what_is_around();
    in_target_ = snapshot_of(target());
  }

  std::vector<std::string> changes_around() const { return differences(around_, what_is_around()); }
  std::vector<std::string> changes_in_target() const {
    return differences(in_target_, snapshot_of(target()));
  }

 private:
  static std::string text(const boost::json::object& entry, const char* key) {
    const auto& string = entry.at(key).as_string();
    return {string.data(), string.size()};
  }

  static void expect(int result, const std::string& what) {
    if (result != 0) throw std::runtime_error("cannot prepare " + what);
  }

  void make(const boost::json::object& entry, const std::string& path) const {
    if (entry.contains("content")) {
      directory_.write_file("a/place/" + text(entry, "path"), text(entry, "content"));
    } else if (entry.contains("symlink")) {
      expect(::symlink(text(entry, "symlink").c_str(), path.c_str()), path);
    } else if (entry.contains("hardlink")) {
      expect(::link((work() / text(entry, "hardlink")).c_str(), path.c_str()), path);
    } else if (entry.contains("directory")) {
      expect(::mkdir(path.c_str(), 0755), path);
    } else {
      const mode_t kind = entry.contains("fifo")     ? S_IFIFO
                          : entry.contains("socket") ? S_IFSOCK
                                                     : S_IFCHR;
      expect(::mknod(path.c_str(), kind | 0600U, ::makedev(1, 3)), path);
    }
  }

  static void make_old(const boost::filesystem::path& path) {
    const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    expect(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), path.native());
  }

  // What a dead run seems to have left with this token belongs to the target: it may be tidied up.
  static bool is_in_target(const std::string& path) {
    return path == "a/place/out" || path == "a/place/swap" ||
           path.starts_with("a/place/.out.ream-0123456789abcdef");
  }

  // What lies beside the target may come and go in their directory, so that has no time.
  Snapshot what_is_around() const {
    auto all = snapshot_of(directory_.path(), is_in_target);
    all["a/place"].status.st_mtim = {};
    return all;
  }

  TemporaryDirectory directory_;
  Snapshot around_;
  Snapshot in_target_;
};

}  // namespace ream::test
