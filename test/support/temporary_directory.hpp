// A directory that a test has for itself.
#pragma once

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <ios>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

// Made in the directory for temporary files, or in another one, and removed with all that is in it.
// Names are relative to it and may have directories in them. What fails throws, so that a test
// cannot pass without it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() : TemporaryDirectory(boost::filesystem::temp_directory_path()) {}

  explicit TemporaryDirectory(const boost::filesystem::path& parent)
      : path_(parent / boost::filesystem::unique_path("ream-test-%%%%-%%%%-%%%%")) {
    boost::filesystem::create_directory(path_);
  }

  ~TemporaryDirectory() {
    boost::system::error_code problem;
    boost::filesystem::remove_all(path_, problem);
    if (problem) remove_after_all();
  }

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const boost::filesystem::path& path() const noexcept { return path_; }

  boost::filesystem::path operator/(std::string_view name) const {
    return path_ / std::string(name);
  }

  // Makes the directories that lead to it; replaces a file that is there.
  void write_file(std::string_view name, std::string_view content) const {
    const auto file = *this / name;
    boost::filesystem::create_directories(file.parent_path());
    boost::filesystem::ofstream out(file, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.native());
  }

  std::string read_file(std::string_view name) const {
    boost::filesystem::ifstream in(*this / name, std::ios::binary);
    if (!in) throw std::runtime_error("cannot open " + (*this / name).native());
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void make_directory(std::string_view name) const {
    boost::filesystem::create_directories(*this / name);
  }

  void make_link(std::string_view target, std::string_view name) const {
    boost::filesystem::create_symlink(std::string(target), *this / name);
  }

  void remove(std::string_view name) const { boost::filesystem::remove_all(*this / name); }

  void set_mode(std::string_view name, unsigned mode) const {
    boost::filesystem::permissions(*this / name, static_cast<boost::filesystem::perms>(mode));
  }

  // A link is there whether or not its target is.
  bool contains(std::string_view name) const {
    return boost::filesystem::exists(boost::filesystem::symlink_status(*this / name));
  }

 private:
  // Directories that a test has closed to itself keep what is in them from being removed.
  void remove_after_all() noexcept try {
    using boost::filesystem::recursive_directory_iterator;
    for (const auto& entry : recursive_directory_iterator(path_)) {
      if (is_directory(entry.symlink_status()))
        permissions(entry.path(), boost::filesystem::owner_all);
    }
    boost::filesystem::remove_all(path_);
  } catch (const std::exception&) {
  }

  boost::filesystem::path path_;
};
