// SPDX-License-Identifier: MIT
// Parsing of messages, strict: two incompatible programs report an error instead of guessing.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "foundation/jobs/messages_members.hpp"
#include "foundation/jobs/messages_names.hpp"
#include "foundation/jobs/messages_types.hpp"

namespace koshin::messages {
namespace {

using nlohmann::json;

constexpr std::size_t max_event_line = 1 << 20;
constexpr std::size_t max_depth = 8;
constexpr std::size_t max_elements = 4096;

[[noreturn]] void wrong(const std::string& where, const std::string& what) {
  fail(Reason::job_invalid, "message: " + where + ' ' + what);
}

/// Removes the known members from a JSON object; remaining members are unknown. A missing member keeps its
/// default.
class Reader {
 public:
  Reader(const json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object.is_object()) wrong(path_, "must be an object");
  }

  template <class T>
  void operator()(const char* name, T& value) {
    seen_.insert(name);
    const auto found = object_.find(name);
    if (found != object_.end()) read(*found, path_ + '.' + name, value);
  }

  void ignore(const char* name) { seen_.insert(name); }
  void require(const char* name) const {
    if (!object_.contains(name)) wrong(path_ + '.' + name, "is missing");
  }
  void finish() const {
    for (const auto& item : object_.items()) {
      if (!seen_.contains(item.key()))
        wrong(path_ + '.' + printable(item.key(), 64), "is not a known member");
    }
  }

 private:
  static void read(const json& value, const std::string& path, std::string& target) {
    if (!value.is_string()) wrong(path, "must be a string");
    target = value.get_ref<const std::string&>();
  }
  static void read(const json& value, const std::string& path, bool& target) {
    if (!value.is_boolean()) wrong(path, "must be true or false");
    target = value.get<bool>();
  }
  static void read(const json& value, const std::string& path, std::uint64_t& target) {
    if (!value.is_number_unsigned()) wrong(path, "must be a whole number, not negative");
    target = value.get<std::uint64_t>();
  }
  static void read(const json& value, const std::string& path, unsigned& target) {
    std::uint64_t wide = 0;
    read(value, path, wide);
    if (wide > std::numeric_limits<unsigned>::max()) wrong(path, "is too large");
    target = static_cast<unsigned>(wide);
  }
  static void read(const json& value, const std::string& path, std::chrono::seconds& target) {
    unsigned seconds = 0;
    read(value, path, seconds);
    target = std::chrono::seconds{seconds};
  }
  static void read(const json& value, const std::string& path, TimePoint& target) {
    std::string text;
    read(value, path, text);
    const auto time = parse_rfc3339(text);
    if (!time) wrong(path, "must be a time such as \"2026-11-22T22:23:31Z\"");
    target = *time;
  }
  static void read(const json& value, const std::string& path, Reason& target) {
    std::string text;
    read(value, path, text);
    const auto reason = parse_reason(text);
    if (!reason) wrong(path, "must be the id of a failure reason");
    target = *reason;
  }
  template <class E>
  requires std::is_enum_v<E>
  static void read(const json& value, const std::string& path, E& target) {
    std::string text;
    read(value, path, text);
    auto known = value_in(names_of(target), text);
    if (!known) known = former_value(target, text);
    if (!known) wrong(path, "is not one of the known names");
    target = *known;
  }
  template <class T>
  static void read(const json& value, const std::string& path, std::optional<T>& target) {
    read(value, path, target.emplace());
  }
  template <class T>
  static void read(const json& value, const std::string& path, std::vector<T>& target) {
    if (!value.is_array()) wrong(path, "must be an array");
    if (value.size() > max_elements) wrong(path, "has too many elements");
    target.clear();
    for (std::size_t i = 0; i < value.size(); ++i)
      read(value[i], path + '[' + std::to_string(i) + ']', target.emplace_back());
  }
  template <class M>
  requires requires(Reader& r, M& m) { members(r, m); }
  static void read(const json& value, const std::string& path, M& target) {
    Reader reader(value, path);
    members(reader, target);
    ignore_derived(reader, target);
    reader.finish();
  }

 public:
  /// Ignores members that are derived from the reason's row of the failure table.
  static void ignore_derived(Reader& reader, const Failure& /*message*/) {
    reader.require("reason");
    reader.ignore("retry");
    reader.ignore("exit_code");
  }
  template <class M>
  static void ignore_derived(Reader& /*reader*/, const M& /*message*/) {}

 private:
  const json& object_;
  std::string path_;
  std::set<std::string, std::less<>> seen_;
};

/// Refuses deeper nesting than any message has, and repeated members, during parsing.
class Strictness {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    if (level > max_depth) wrong("line", "is nested too deep");
    if (event == json::parse_event_t::object_start) names_.resize(level + 1);
    if (event == json::parse_event_t::object_start) names_[level].clear();
    if (event == json::parse_event_t::key && !names_.at(level - 1).insert(parsed.get<std::string>()).second) {
      wrong(printable(parsed.get<std::string>(), 64), "is there twice");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> names_;
};

json parse_line(std::string_view line, std::size_t limit) {
  if (line.size() > limit) wrong("line", "is longer than " + std::to_string(limit) + " bytes");
  json object;
  try {
    Strictness strictness;
    object = json::parse(line, [&](int depth, json::parse_event_t event, json& parsed) {
      return strictness(depth, event, parsed);
    });
  } catch (const json::parse_error& error) {
    wrong("line", "is not JSON (at byte " + std::to_string(error.byte) + ')');
  } catch (const json::out_of_range&) {
    wrong("line", "holds a number that is too large for any");
  }
  if (!object.is_object()) wrong("line", "must be an object");
  const auto schema = object.find("schema");
  if (schema == object.end()) wrong("schema", "is missing");
  if (*schema != schema_version)
    wrong("schema", "must be " + std::to_string(schema_version) + ": the programs are of different versions");
  const auto type = object.find("type");
  if (type == object.end() || !type->is_string()) wrong("type", "must be a string");
  return object;
}

template <class M>
M read_message(const json& object, std::string_view type, std::initializer_list<const char*> required) {
  M message;
  Reader reader(object, std::string(type));
  reader.ignore("schema");
  reader.ignore("type");
  for (const char* const name : required) reader.require(name);
  members(reader, message);
  Reader::ignore_derived(reader, message);
  reader.finish();
  return message;
}

}  // namespace

Job parse_job(std::string_view line) {
  const json object = parse_line(line, max_job_line);
  if (object["type"] != job_type) wrong("type", "must be \"job\"");
  auto job = read_message<Job>(object, job_type, {"job"});
  if (job.await_go && (job.kind != JobKind::renew || job.dry_run))
    wrong("job.await_go", "is for renewals that are more than a dry run");
  return job;
}

void parse_go(std::string_view line) {
  const json object = parse_line(line, max_job_line);
  if (object["type"] != "go") wrong("type", "must be \"go\"");
  if (object.size() != 2) wrong("go", "has no other members");
}

Event parse_event(std::string_view line) {
  const json object = parse_line(line, max_event_line);
  const auto& type = object["type"].get_ref<const std::string&>();
  if (type == "step") return read_message<StepEvent>(object, type, {"step"});
  if (type == "notice") return read_message<NoticeEvent>(object, type, {"code"});
  if (type == "touch") return read_message<TouchEvent>(object, type, {});
  if (type == "ready") return read_message<ReadyEvent>(object, type, {});
  if (type == "inspect_result") return read_message<InspectResult>(object, type, {"tokens"});
  if (type == "renew_result") return read_message<RenewResult>(object, type, {"token"});
  if (type == "pending") return read_message<PendingResult>(object, type, {"ask_again"});
  if (type == "prune_result") return read_message<PruneResult>(object, type, {"deleted"});
  if (type == "cancel_result") return read_message<CancelResult>(object, type, {});
  if (type == "pin_result") return read_message<PinResult>(object, type, {"token"});
  if (type == "doctor_result") return read_message<DoctorResult>(object, type, {"checks"});
  if (type == "failure") return read_message<Failure>(object, type, {});
  wrong("type", "is not a known kind of event");
}

}  // namespace koshin::messages
