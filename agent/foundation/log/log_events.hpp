// SPDX-License-Identifier: MIT
// The kinds of log entries with their MESSAGE_IDs. A test compares docs/events.md with this table.
#pragma once

#include <span>
#include <string_view>

#include "foundation/log/log.hpp"

namespace koshin::log {

struct EventInfo {
  Event event;
  std::string_view name;        ///< "token_inserted"; KOSHIN_EVENT of the entry
  std::string_view message_id;  ///< 32 random hexadecimal digits, never changed
};

/// All events except Event::none.
std::span<const EventInfo> event_table();
/// The name of an event; empty for Event::none.
std::string_view event_name(Event event);

}  // namespace koshin::log
