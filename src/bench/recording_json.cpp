#include "bench/recording_json.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/filesystem/operations.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <sstream>
#include <system_error>

#include "bench/verdict.hpp"
#include "ream/error.hpp"
#include "text/json_text.hpp"

namespace ream::bench {

namespace json = boost::json;

namespace {

constexpr const char* schema = "ream-bench";

// JSON is UTF-8, names on Linux are any bytes: what is no UTF-8 is shown as what cannot be shown.
json::string text(std::string_view bytes) {
  json::string shown;
  while (!bytes.empty()) {
    std::size_t length = 1;
    while (length < 4 && !text::is_utf8(bytes.substr(0, length))) ++length;
    const auto character = bytes.substr(0, length);
    const bool valid = text::is_utf8(character);
    shown += valid ? json::string_view(character.data(), character.size()) : "\ufffd";
    bytes.remove_prefix(valid ? character.size() : 1);
  }
  return shown;
}

json::object to_value(const Environment& e) {
  json::array warnings;
  for (const auto& warning : e.warnings) warnings.push_back(text(warning));
  return {{"directory", text(e.directory)},
          {"filesystem", text(e.filesystem)},
          {"kernel", text(e.kernel)},
          {"processors", e.processors},
          {"processor", text(e.processor)},
          {"governor", text(e.governor)},
          {"load", e.load},
          {"steal", e.steal},
          {"version", text(e.version)},
          {"build", text(e.build)},
          {"date", text(e.date)},
          {"warnings", std::move(warnings)}};
}

json::object to_value(const Work& work) {
  return {{"count", work.count},
          {"size", work.size ? json::value(*work.size) : json::value(nullptr)},
          {"manifest", text(work.manifest.native())}};
}

json::object to_value(const Sample& sample) {
  const auto& p = sample.phases;
  return {{"round", sample.round},
          {"position", sample.position},
          {"seconds", sample.seconds},
          {"first_done", sample.first_done},
          {"last_done", sample.last_done},
          {"cpu_seconds", sample.cpu_seconds},
          {"context_switches", sample.context_switches},
          {"phases",
           {{"plan", p.plan},
            {"fork", p.fork},
            {"write", p.write},
            {"sync", p.sync},
            {"publish", p.publish},
            {"join", p.join},
            {"list", p.list}}}};
}

json::object to_value(const LatencyHistogram& histogram) {
  return {{"count", histogram.count()},         {"p50", histogram.quantile(0.5)},
          {"p90", histogram.quantile(0.9)},     {"p99", histogram.quantile(0.99)},
          {"p99_9", histogram.quantile(0.999)}, {"max", histogram.max()}};
}

json::value to_value(const std::optional<LatencyReport>& latency) {
  if (!latency) return nullptr;
  json::object object = {{"file", to_value(latency->file)}};
  if (latency->open.count() == 0) return object;
  object["open"] = to_value(latency->open);
  object["write"] = to_value(latency->write);
  object["sync"] = to_value(latency->sync);
  object["publish"] = to_value(latency->publish);
  object["close"] = to_value(latency->close);
  return object;
}

std::string_view name_of(Placement placement) {
  switch (placement) {
    case Placement::in_process:
      return "serial";
    case Placement::pooled:
      return "pooled";
    case Placement::process_per_job:
      return "process-per-file";
  }
  return "";
}

// Nothing of it was asked of another program.
void add_conditions(json::object& object, const Arm& arm) {
  const auto put = [&](const char* name, json::value value) {
    object[name] = arm.is_reams_own() ? std::move(value) : json::value(nullptr);
  };
  put("placement", text(name_of(arm.placement)));
  put("workers", arm.workers);
  put("layout", text(to_string(arm.layout)));
  put("atomic", text(bench::name_of(arm.atomic)));
  put("sync", text(bench::name_of(arm.sync)));
}

json::object to_value(const ArmRecord& record) {
  json::array samples;
  for (const auto& sample : record.samples) samples.push_back(to_value(sample));
  json::object object = {{"name", text(record.arm.name)},
                         {"work", record.arm.work},
                         {"command", text(record.arm.command)}};
  add_conditions(object, record.arm);
  object["files"] = record.files;
  object["bytes"] = record.bytes;
  object["latency_ns"] = to_value(record.latency);
  object["samples"] = std::move(samples);
  return object;
}

json::object to_value(const Recording& recording, std::size_t arm) {
  const auto ratio = speedup(recording, arm);
  return {{"arm", arm},
          {"against", recording.base_of(arm)},
          {"speedup", ratio.value},
          {"low", ratio.interval.low},
          {"high", ratio.interval.high},
          {"pairs", ratio.pairs},
          {"verdict", recording.has_verdict()
                          ? json::value(text(verdict(recording.arms[arm].arm.name, ratio)))
                          : json::value(nullptr)}};
}

json::array results(const Recording& recording) {
  json::array array;
  for (std::size_t arm = 0; arm < recording.arms.size() && recording.rounds() > 0; ++arm) {
    if (recording.base_of(arm) != arm) array.push_back(to_value(recording, arm));
  }
  return array;
}

std::string_view name_of(End end) {
  switch (end) {
    case End::precise:
      return "precise";
    case End::time_limit:
      return "time-limit";
    case End::runs:
      return "runs";
    case End::stopped:
      return "stopped";
  }
  return "";
}

std::string csv_text(const std::string& field) {
  return '"' + boost::replace_all_copy(field, "\"", "\"\"") + '"';
}

std::string reason_of(int error_number) {
  return std::generic_category().message(error_number);
}

std::string text_of(const boost::filesystem::path& path) {
  if (boost::filesystem::is_directory(path)) {
    throw InputError(path.native(), "is a directory, where a recording is expected");
  }
  std::ifstream stream(path.native(), std::ios::binary);
  if (!stream) throw InputError(path.native(), "cannot be read: " + reason_of(errno));
  std::ostringstream content;
  content << stream.rdbuf();
  auto text = std::move(content).str();
  if (text.empty()) throw InputError(path.native(), "is empty, where a recording is expected");
  return text;
}

// What is wrong with the content of a file, whose name is put in front of it.
class NoRecording : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The members of an object, which has a place for messages: "arms[1]".
class Reader {
 public:
  Reader(const json::value& value, std::string place) : place_(std::move(place)) {
    object_ = value.if_object();
    if (object_ == nullptr) throw NoRecording(called(place_) + " is no object");
  }

  Reader object(const char* name) const { return {member(name), place_of(name)}; }

  std::string text(const char* name) const {
    const auto* value = member(name).if_string();
    if (value == nullptr) throw NoRecording(place_of(name) + " is no string");
    return {value->data(), value->size()};
  }

  std::uint64_t count(const char* name) const {
    json::error_code problem;
    const auto value = member(name).to_number<std::uint64_t>(problem);
    if (problem) throw NoRecording(place_of(name) + " is no whole number");
    return value;
  }

  double number(const char* name) const {
    json::error_code problem;
    const auto value = member(name).to_number<double>(problem);
    if (problem) throw NoRecording(place_of(name) + " is no number");
    return value;
  }

  std::vector<Reader> array(const char* name) const {
    const auto* values = member(name).if_array();
    if (values == nullptr) throw NoRecording(place_of(name) + " is no array");
    std::vector<Reader> readers;
    for (const auto& value : *values) {
      readers.emplace_back(value, fmt::format("{}[{}]", place_of(name), readers.size()));
    }
    return readers;
  }

  bool has(const char* name) const { return object_->contains(name); }

  std::string place_of(const char* name) const {
    return place_.empty() ? name : place_ + "." + name;
  }

 private:
  static std::string called(const std::string& place) { return place.empty() ? "it" : place; }

  const json::value& member(const char* name) const {
    const auto* value = object_->if_contains(name);
    if (value == nullptr) throw NoRecording("has no " + place_of(name));
    return *value;
  }

  const json::object* object_;
  std::string place_;
};

double seconds_from(const Reader& sample) {
  const auto seconds = sample.number("seconds");
  if (seconds > 0 && std::isfinite(seconds)) return seconds;
  throw NoRecording(
      fmt::format("{} is {}, no time that anything takes", sample.place_of("seconds"), seconds));
}

void read_conditions(const Reader& object, RecordedArm& arm) {
  arm.placement = object.text("placement");
  arm.workers = object.count("workers");
  arm.layout = object.text("layout");
  arm.atomic = object.text("atomic");
  arm.sync = object.text("sync");
}

RecordedArm arm_from(const Reader& object) {
  RecordedArm arm;
  arm.name = object.text("name");
  arm.command = object.text("command");
  if (arm.command.empty()) read_conditions(object, arm);
  arm.bytes = object.count("bytes");
  arm.files = object.count("files");
  for (const auto& sample : object.array("samples")) arm.seconds.push_back(seconds_from(sample));
  if (arm.files == 0 && !arm.seconds.empty()) throw NoRecording(object.place_of("files") + " is 0");
  return arm;
}

void check_schema(const Reader& root) {
  if (!root.has("schema") || root.text("schema") != schema) {
    throw NoRecording("is no recording that 'ream bench --json' made");
  }
  const auto version = root.count("version");
  if (version != schema_version) {
    throw NoRecording(
        fmt::format("is of version {} of the format, not {}", version, schema_version));
  }
}

RecordedRun run_from(const Reader& root) {
  const auto e = root.object("environment");
  RecordedRun run;
  run.directory = e.text("directory");
  run.filesystem = e.text("filesystem");
  run.kernel = e.text("kernel");
  run.processor = e.text("processor");
  run.processors = e.count("processors");
  run.governor = e.text("governor");
  run.version = e.text("version");
  run.build = e.text("build");
  run.date = e.text("date");
  run.cache = root.text("cache");
  if (root.has("latency")) run.latency = root.text("latency");
  for (const auto& arm : root.array("arms")) run.arms.push_back(arm_from(arm));
  return run;
}

json::value parsed(const std::string& content) {
  json::error_code problem;
  auto value = json::parse(json::string_view(content.data(), content.size()), problem);
  if (problem) throw NoRecording("is no JSON: " + problem.message());
  return value;
}

}  // namespace

std::string to_json(const Recording& recording) {
  json::array works, arms, notes;
  for (const auto& work : recording.works) works.push_back(to_value(work));
  for (const auto& record : recording.arms) arms.push_back(to_value(record));
  for (const auto& note : recording.notes) notes.push_back(text(note));
  const json::object root = {{"schema", schema},
                             {"version", schema_version},
                             {"environment", to_value(recording.environment)},
                             {"seed", recording.seed},
                             {"cache", recording.cache == Cache::warm ? "warm" : "cold"},
                             {"latency", recording.latency == Latency::calls ? "calls" : "files"},
                             {"control", recording.control},
                             {"precision", recording.precision},
                             {"confidence", recording.confidence},
                             {"end", text(name_of(recording.end))},
                             {"notes", std::move(notes)},
                             {"works", std::move(works)},
                             {"arms", std::move(arms)},
                             {"results", results(recording)}};
  return json::serialize(root) + "\n";
}

std::string to_csv(const Recording& recording) {
  std::string text =
      "arm,work,round,position,files,bytes,seconds,first_done,last_done,plan,fork,write,sync,"
      "publish,join,list,cpu_seconds,context_switches\n";
  for (const auto& record : recording.arms) {
    for (const auto& s : record.samples) {
      const auto& p = s.phases;
      text += fmt::format(
          "{},{},{},{},{},{},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},"
          "{:.9f},{:.9f},{:.9f},{:.6f},{}\n",
          csv_text(record.arm.name), record.arm.work, s.round, s.position, record.files,
          record.bytes, s.seconds, s.first_done, s.last_done, p.plan, p.fork, p.write, p.sync,
          p.publish, p.join, p.list, s.cpu_seconds, s.context_switches);
    }
  }
  return text;
}

RecordedRun read_recording(const boost::filesystem::path& path) {
  const auto content = text_of(path);
  try {
    const auto value = parsed(content);
    const Reader root(value, "");
    check_schema(root);
    return run_from(root);
  } catch (const NoRecording& problem) {
    throw InputError(path.native(), problem.what());
  }
}

}  // namespace ream::bench
