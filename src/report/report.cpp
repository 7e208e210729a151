#include "ream/report.hpp"

#include <boost/json.hpp>

namespace ream {

namespace {

namespace json = boost::json;

// Bytes that are not UTF-8 would make the whole report unreadable: quoted() shows them as escapes.
json::string printable(const std::string& text) {
  const auto shown = quoted(text);
  const std::string_view inside(shown.data() + 1, shown.size() - 2);
  return json::string(json::string_view(inside.data(), inside.size()));
}

json::object to_value(const Failure& failure) {
  const auto operation = to_string(failure.operation);
  return {{"index", failure.index},
          {"path", printable(failure.path)},
          {"operation", json::string_view(operation.data(), operation.size())},
          {"errno", failure.error_number},
          {"text", printable(failure.text)}};
}

json::object to_value(const WorkerReport& worker) {
  return {{"pid", worker.pid},
          {"files", worker.files},
          {"bytes", worker.bytes},
          {"seconds", worker.seconds},
          {"status", worker.status.to_string()}};
}

json::object to_value(const PhaseSeconds& seconds) {
  return {{"plan", seconds.plan}, {"fork", seconds.fork}, {"write", seconds.write},
          {"join", seconds.join}, {"sync", seconds.sync}, {"publish", seconds.publish},
          {"list", seconds.list}};
}

json::object to_value(const LatencyHistogram& histogram) {
  return {{"count", histogram.count()},         {"p50", histogram.quantile(0.5)},
          {"p90", histogram.quantile(0.9)},     {"p99", histogram.quantile(0.99)},
          {"p99.9", histogram.quantile(0.999)}, {"max", histogram.max()}};
}

json::value to_value(const std::optional<LatencyReport>& latency) {
  if (!latency) return nullptr;
  return {{"file", to_value(latency->file)},       {"open", to_value(latency->open)},
          {"write", to_value(latency->write)},     {"sync", to_value(latency->sync)},
          {"publish", to_value(latency->publish)}, {"close", to_value(latency->close)}};
}

json::string to_value(const std::string& text) {
  return printable(text);
}

json::array to_value(const IndexRange& range) {
  return {range.first, range.last};
}

template <class Value>
json::array to_array(const std::vector<Value>& values) {
  json::array array;
  array.reserve(values.size());
  for (const auto& value : values) array.push_back(to_value(value));
  return array;
}

}  // namespace

std::string to_json(const Report& report) {
  const json::object object = {
      {"jobs", report.jobs},
      {"files", report.files},
      {"links", report.links},
      {"directories", report.directories},
      {"bytes", report.bytes},
      {"unchanged", report.unchanged},
      {"skipped", report.skipped},
      {"withdrawn", report.withdrawn},
      {"unsynced", report.unsynced},
      {"without_sums", report.without_sums},
      {"obstructed", report.obstructed},
      {"removed", report.removed},
      {"kept", to_array(report.kept)},
      {"unpruned", report.unpruned},
      {"changed", report.changed},
      {"failures", to_array(report.failures)},
      {"not_attempted", to_array(report.not_attempted)},
      {"trouble", printable(report.trouble)},
      {"stopped_by",
       report.stopped_by ? json::value(signal_name(*report.stopped_by)) : json::value(nullptr)},
      {"workers", to_array(report.workers)},
      {"seconds", to_value(report.seconds)},
      {"first_done_seconds", report.first_done_seconds},
      {"last_done_seconds", report.last_done_seconds},
      {"latency", to_value(report.latency)}};
  return json::serialize(object) + "\n";
}

}  // namespace ream
