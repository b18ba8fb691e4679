// SPDX-License-Identifier: MIT
// The "type" member of each message. Included by the messages' sources only.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "foundation/jobs/messages.hpp"

namespace koshin::messages {

inline constexpr std::string_view job_type = "job";
/// In the order of Event's alternatives.
inline constexpr std::array<std::string_view, std::variant_size_v<Event>> event_types{
    "step",    "notice",       "touch",         "ready",      "inspect_result", "renew_result",
    "pending", "prune_result", "cancel_result", "pin_result", "doctor_result",  "failure"};

}  // namespace koshin::messages
