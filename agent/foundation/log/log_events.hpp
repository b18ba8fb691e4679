// SPDX-License-Identifier: MIT
// The kinds of log entries with their MESSAGE_IDs. A test compares docs/events.md with this table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "foundation/log/log.hpp"

namespace koshin::log {

struct EventInfo {
  Event event;
  std::string_view name;        ///< "token_inserted"; KOSHIN_EVENT of the entry
  std::string_view message_id;  ///< 32 random hexadecimal digits, never changed
  std::uint16_t number;         ///< the event ID in the Event Log of Windows, never changed
};

/// The event ID of entries without an event.
inline constexpr std::uint16_t number_without_event = 1000;

/// All events except Event::none.
std::span<const EventInfo> event_table();
/// The name of an event; empty for Event::none.
std::string_view event_name(Event event);
/// The event ID by the event's name; number_without_event for any other name.
std::uint16_t event_number(std::string_view name);

}  // namespace koshin::log
