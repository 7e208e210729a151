// Whatever a manifest says and whatever lies in the target: a run is refused, or fails and says so,
// or writes inside. Nothing around the target changes. The cases are files in cases/.
#define BOOST_TEST_MODULE containment
#include <sys/resource.h>

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "hostile/case.hpp"
#include "hostile/sandbox.hpp"
#include "support/leak_check.hpp"
#include "support/run_program.hpp"
#include "support/temporary_files_in_memory.hpp"
#include "text/base64.hpp"

using namespace ream::test;
namespace json = boost::json;

namespace {

using Lines = std::vector<std::string>;

std::string joined(const Lines& lines, const Sandbox& sandbox) {
  std::string all;
  for (auto line : lines) {
    const std::string place = "<work>";
    const auto at = line.find(place);
    if (at != line.npos) line.replace(at, place.size(), sandbox.work().native());
    all += line + "\n";
  }
  return all;
}

// Fewer than the deepest case has directories.
void limit_descriptors() {
  const rlimit few{256, 256};
  ::setrlimit(RLIMIT_NOFILE, &few);
}

Ended run_in(const Sandbox& sandbox, const Lines& options, const std::string& manifest) {
  Lines words = {"write"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {manifest, "out"});
  RunOptions run_options;
  run_options.directory = sandbox.work().native();
  run_options.before_exec = limit_descriptors;
  return run_ream(words, without_leak_check(run_options));
}

void prepare(Sandbox& sandbox, const HostileCase& hostile, const Lines& manifest) {
  const auto write = [&](const char* name, const Lines& lines) {
    boost::filesystem::ofstream(sandbox.work() / name) << joined(lines, sandbox);
  };
  for (const auto& entry : hostile.there) sandbox.add(json::parse(entry).as_object());
  write("manifest", manifest);
  write("earlier", hostile.earlier);
  if (!hostile.earlier.empty()) BOOST_REQUIRE(run_in(sandbox, {}, "earlier").exit_code == 0);
  sandbox.close();
}

// Those of ASCII, and those of Latin 1 in UTF-8, which some terminals take for escapes too.
bool has_control_characters(const std::string& text) {
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool ascii = (byte < 0x20 && c != '\n') || byte == 0x7f;
    if (ascii || (before == 0xc2 && byte >= 0x80 && byte <= 0x9f)) return true;
    before = byte;
  }
  return false;
}

void check_said(const HostileCase& hostile, const Ended& ended) {
  BOOST_TEST(!has_control_characters(ended.err));
  for (const auto& text : hostile.says) BOOST_TEST(ended.err.find(text) != std::string::npos, text);
}

std::string path_of(const json::object& entry) {
  std::string bytes;
  if (!entry.contains("path64")) return json::value_to<std::string>(entry.at("path"));
  ream::text::decode_base64(json::value_to<std::string>(entry.at("path64")), bytes);
  return bytes;
}

mode_t kind_of(const json::object& entry) {
  if (entry.contains("symlink")) return S_IFLNK;
  if (entry.contains("directory")) return S_IFDIR;
  if (entry.contains("fifo")) return S_IFIFO;
  if (entry.contains("socket")) return S_IFSOCK;
  return entry.contains("device") ? S_IFCHR : S_IFREG;
}

std::string content_of(const json::object& entry) {
  for (const char* key : {"content", "symlink"}) {
    if (entry.contains(key)) return json::value_to<std::string>(entry.at(key));
  }
  return "";
}

void check_entry(const json::object& entry, const Snapshot& found) {
  const auto seen = found.find(path_of(entry));
  BOOST_REQUIRE_MESSAGE(seen != found.end(), path_of(entry) << " is not there");
  const auto& [path, what] = *seen;
  BOOST_TEST((what.status.st_mode & S_IFMT) == kind_of(entry), path << " is of another kind");
  BOOST_TEST(what.content == content_of(entry), path << " has another content");
}

// Nothing else is there but directories that lead to what is wanted.
void check_only(const Lines& wanted, const Sandbox& sandbox) {
  const auto found = snapshot_of(sandbox.target());
  std::vector<std::string> paths;
  for (const auto& line : wanted) {
    const auto entry = json::parse(line).as_object();
    paths.push_back(path_of(entry));
    check_entry(entry, found);
  }
  for (const auto& entry : found) {
    const auto& path = entry.first;
    const auto leads = [&](const auto& to) { return to == path || to.starts_with(path + "/"); };
    BOOST_TEST(std::any_of(paths.begin(), paths.end(), leads), path << " is there too");
  }
}

void check_none(const std::vector<std::string>& changes) {
  for (const auto& change : changes) BOOST_ERROR(change);
}

void check_end(const HostileCase& hostile, const Sandbox& sandbox, const Ended& ended) {
  const auto& expected = hostile.expect.front();
  BOOST_TEST(ended.exit_code == (expected == "refused" ? 2 : expected == "fails" ? 1 : 0));
  check_said(hostile, ended);
  if (expected == "refused") check_none(sandbox.changes_in_target());
  if (!hostile.only.empty()) check_only(hostile.only, sandbox);
  check_none(sandbox.changes_around());
}

void try_case(const HostileCase& hostile, const Lines& manifest, const std::string& options) {
  Sandbox sandbox;
  prepare(sandbox, hostile, manifest);
  const auto ended = run_in(sandbox, words_of(options), "manifest");
  BOOST_TEST_CONTEXT(options << "\n" << manifest.back().substr(0, 200) << "\n" << ended.err) {
    check_end(hostile, sandbox, ended);
  }
}

bool can_be_tried(const HostileCase& hostile) {
  if (hostile.needs.empty() || ::geteuid() == 0) return true;
  BOOST_TEST_MESSAGE("skipped: " << hostile.name << " needs root");
  return false;
}

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(TemporaryFilesInMemory);

BOOST_DATA_TEST_CASE(nothing_leaves_the_target, read_cases(HOSTILE_CASES), hostile) {
  if (!can_be_tried(hostile)) return;
  std::vector<Lines> manifests;
  for (const auto& manifest : hostile.each) manifests.push_back(divided(manifest, " | "));
  if (!hostile.lines.empty()) manifests.push_back(hostile.lines);
  for (const auto& with : hostile.with) {
    for (const auto& options : alternatives(with)) {
      for (const auto& manifest : manifests) try_case(hostile, manifest, options);
    }
  }
}

BOOST_AUTO_TEST_CASE(there_are_cases) {
  BOOST_TEST(read_cases(HOSTILE_CASES).size() > 50U);
}

// A change in what surrounds the target is seen, or the cases would prove nothing.
BOOST_AUTO_TEST_CASE(each_kind_of_change_is_seen) {
  const auto is_seen = [](const char* command) {
    Sandbox sandbox;
    sandbox.close();
    RunOptions in_sandbox;
    in_sandbox.directory = sandbox.work().native();
    BOOST_REQUIRE(run("sh", {"-c", command}, in_sandbox).exit_code == 0);
    return !sandbox.changes_around().empty();
  };
  BOOST_TEST(!is_seen("mkdir -p out/d && echo x > out/d/f"));
  for (const char* command :
       {"echo x > outside/new", "echo x > ../up", "printf 'not mine.' > outside/secret",
        "chmod 600 outside/secret", "chmod 755 outside/empty", "touch outside/d", "rm outside/link",
        "mkdir .out.ream-x", "cp -p secret s && mv s secret", "ln -sfn tool outside/link",
        "touch -h outside/link",
        "touch x && rm x && touch outside/empty/x && rm outside/empty/x"}) {
    BOOST_TEST(is_seen(command), command);
  }
}
