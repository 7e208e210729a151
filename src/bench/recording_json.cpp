#include "bench/recording_json.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "bench/verdict.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace json = boost::json;

namespace {

constexpr const char* schema = "ream-bench";

json::string text(std::string_view characters) {
  return json::string(json::string_view(characters.data(), characters.size()));
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

json::object to_value(const ArmRecord& record) {
  json::array samples;
  for (const auto& sample : record.samples) samples.push_back(to_value(sample));
  const auto& arm = record.arm;
  return {{"name", text(arm.name)},
          {"work", arm.work},
          {"command", text(arm.command)},
          {"placement", text(name_of(arm.placement))},
          {"workers", arm.workers},
          {"layout", text(to_string(arm.layout))},
          {"atomic", text(bench::name_of(arm.atomic))},
          {"sync", text(bench::name_of(arm.sync))},
          {"files", record.files},
          {"bytes", record.bytes},
          {"latency_ns", to_value(record.latency)},
          {"samples", std::move(samples)}};
}

json::object to_value(const Recording& recording, std::size_t arm) {
  const auto ratio = speedup(recording, arm);
  return {{"arm", arm},
          {"against", recording.base_of(arm)},
          {"speedup", ratio.value},
          {"low", ratio.interval.low},
          {"high", ratio.interval.high},
          {"pairs", ratio.pairs},
          {"verdict", text(verdict(recording.arms[arm].arm.name, ratio))}};
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

std::string text_of(const boost::filesystem::path& path) {
  std::ifstream stream(path.native(), std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  if (!stream) throw InputError(path.native(), "cannot be read");
  return std::move(content).str();
}

std::string field(const json::object& object, const char* name) {
  const auto& value = object.at(name).as_string();
  return {value.data(), value.size()};
}

RecordedArm arm_from(const json::object& object) {
  RecordedArm arm{field(object, "name"),
                  object.at("files").to_number<std::uint64_t>(),
                  object.at("bytes").to_number<std::uint64_t>(),
                  {}};
  for (const auto& sample : object.at("samples").as_array()) {
    arm.seconds.push_back(sample.at("seconds").to_number<double>());
  }
  return arm;
}

void check_schema(const json::object& root, const boost::filesystem::path& path) {
  const auto* name = root.if_contains("schema");
  if (name == nullptr || *name != schema) {
    throw InputError(path.native(), "is no recording that 'ream bench --json' made");
  }
  const auto version = root.at("version").to_number<int>();
  if (version != schema_version) {
    throw InputError(path.native(), fmt::format("is of version {} of the format, not {}", version,
                                                schema_version));
  }
}

RecordedRun run_from(const json::object& root) {
  const auto& e = root.at("environment").as_object();
  RecordedRun run{field(e, "directory"),
                  field(e, "filesystem"),
                  field(e, "kernel"),
                  field(e, "processor"),
                  field(e, "version"),
                  field(e, "date"),
                  {}};
  for (const auto& arm : root.at("arms").as_array()) run.arms.push_back(arm_from(arm.as_object()));
  return run;
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
    const auto value = json::parse(json::string_view(content.data(), content.size()));
    check_schema(value.as_object(), path);
    return run_from(value.as_object());
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& problem) {
    throw InputError(path.native(), fmt::format("is no recording: {}", problem.what()));
  }
}

}  // namespace ream::bench
