// SPDX-License-Identifier: MIT
// The kinds of log entries with their MESSAGE_IDs: docs/events.md is held to this table.
#pragma once

#include <span>
#include <string_view>

#include "foundation/log/log.hpp"

namespace koshin::log {

struct EventInfo {
  Event event;
  std::string_view name;        ///< "token_inserted"; KOSHIN_EVENT of the entry
  std::string_view message_id;  ///< 32 hexadecimal digits, made once with a random generator, never changed
};

/// Every event but Event::none.
std::span<const EventInfo> event_table();
/// Empty for Event::none.
std::string_view event_name(Event event);

}  // namespace koshin::log
