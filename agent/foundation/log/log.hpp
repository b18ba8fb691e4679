// SPDX-License-Identifier: MIT
// The log, for help desk and administrators: to the systemd journal with structured fields if available, else
// to stderr.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "foundation/base/log_level.hpp"
#include "foundation/system/handle.hpp"

namespace koshin::log {

using Level = LogLevel;

/// Each kind of event has a stable, searchable MESSAGE_ID (128 bits, docs/events.md).
enum class Event {
  none,
  started,
  stopped,
  token_inserted,
  token_removed,
  inspected,
  decided,
  notified,
  renewal_started,
  step_finished,
  renewal_completed,
  renewal_pending,
  renewal_failed,
  module_failed,
  settings_rejected,
  mail_sent,
  mail_failed,
  page_opened,
  page_closed,
  enrolled,
  pruned,
  service_lost,
  clock_changed,
  snoozed,
  hook_finished,
  hook_failed,
};

/// Fields of an entry: names in journal spelling (upper case, "KOSHIN_TOKEN"); values are made printable.
using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// `program`: name of the process; `level`: the lowest level that is written.
void configure(std::string_view program, Level level);
void write(Level level, Event event, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) {
  write(Level::debug, Event::none, message, fields);
}
inline void info(Event event, std::string_view message, Fields fields = {}) {
  write(Level::info, event, message, fields);
}
inline void warning(Event event, std::string_view message, Fields fields = {}) {
  write(Level::warning, event, message, fields);
}
inline void error(Event event, std::string_view message, Fields fields = {}) {
  write(Level::error, event, message, fields);
}

/// Entries go there instead of to standard error, which a loaded library may write to. Said before the first
/// entry; it stays the caller's.
void use_handle(NativeHandle handle);

/// The MESSAGE_ID in 32 hexadecimal digits; empty for Event::none.
std::string_view message_id(Event event);

}  // namespace koshin::log
