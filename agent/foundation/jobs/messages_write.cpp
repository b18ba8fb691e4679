// SPDX-License-Identifier: MIT
// Messages to JSON.
#include <nlohmann/json.hpp>

#include "foundation/jobs/messages_members.hpp"
#include "foundation/jobs/messages_names.hpp"
#include "foundation/jobs/messages_types.hpp"

namespace koshin::messages {
namespace {

using nlohmann::ordered_json;

/// Fills one JSON object. An empty optional is omitted.
class Writer {
 public:
  explicit Writer(ordered_json& object) : object_(object) {}

  template <class T>
  void operator()(const char* name, const T& value) {
    object_[name] = to_value(value);
  }
  template <class T>
  void operator()(const char* name, const std::optional<T>& value) {
    if (value) object_[name] = to_value(*value);
  }

 private:
  static ordered_json to_value(const std::string& value) { return value; }
  static ordered_json to_value(bool value) { return value; }
  static ordered_json to_value(unsigned value) { return value; }
  static ordered_json to_value(std::uint64_t value) { return value; }
  static ordered_json to_value(TimePoint value) { return to_rfc3339(value); }
  static ordered_json to_value(std::chrono::seconds value) { return value.count(); }
  static ordered_json to_value(Reason value) { return std::string(info(value).id); }

  template <class E>
  requires std::is_enum_v<E>
  static ordered_json to_value(E value) { return std::string(name_in(names_of(value), value)); }
  template <class T>
  static ordered_json to_value(const std::vector<T>& values) {
    ordered_json array = ordered_json::array();
    for (const T& value : values) array.push_back(to_value(value));
    return array;
  }
  template <class M>
  requires requires(Writer& w, const M& m) { members(w, m); }
  static ordered_json to_value(const M& message) {
    ordered_json object = ordered_json::object();
    Writer writer(object);
    members(writer, message);
    return object;
  }

  ordered_json& object_;
};

ordered_json envelope(std::string_view type) {
  ordered_json object = ordered_json::object();
  object["schema"] = schema_version;
  object["type"] = std::string(type);
  return object;
}

/// Texts from tokens may contain any bytes: invalid UTF-8 is replaced, never refused.
std::string one_line(const ordered_json& object) {
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Adds members derived from the reason, for readers without the failure table.
void add_derived(ordered_json& object, const Failure& failure) {
  object["retry"] = std::string(to_string(failure.retry()));
  object["exit_code"] = failure.exit_code();
}
template <class M>
void add_derived(ordered_json& /*object*/, const M& /*message*/) {}

}  // namespace

std::string to_json(const Job& job) {
  ordered_json object = envelope(job_type);
  Writer writer(object);
  members(writer, job);
  return one_line(object);
}

std::string to_json(const Event& event) {
  ordered_json object = envelope(event_types.at(event.index()));
  std::visit(
      [&](const auto& message) {
        Writer writer(object);
        members(writer, message);
        add_derived(object, message);
      },
      event);
  return one_line(object);
}

}  // namespace koshin::messages
