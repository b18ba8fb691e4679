// SPDX-License-Identifier: MIT
// The log: for help desk and administrators. Goes to the journal with structured fields when there is one, to
// stderr else.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "foundation/base/log_level.hpp"

namespace koshin::log {

using Level = LogLevel;

/// Each kind of event has a stable MESSAGE_ID (128-bit, docs/events.md), so that it can be searched for.
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
};

/// Field names in journal spelling (upper case, "KOSHIN_TOKEN"); values are made printable.
using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// `program` names the process.
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

/// Entries go to this descriptor instead of standard error, which a loaded library may write to. Said before
/// the first entry.
void use_descriptor(int descriptor);

/// "a1b2…" 32 hexadecimal digits; empty for Event::none.
std::string_view message_id(Event event);

}  // namespace koshin::log
