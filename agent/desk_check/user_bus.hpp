// SPDX-License-Identifier: MIT
// Questions to the services of this user's session bus.
#pragma once

#include <string>

namespace koshin::desk_check {

struct BusAnswer {
  std::string text;               ///< what the service has answered; empty: see error
  std::string error{};            ///< why there is no answer
  bool service_answered = false;  ///< the error is the service's own word
  bool asked = true;              ///< false where koshin knows no session bus: nothing was seen
};

/// How systemd of this user would start a unit: "enabled", "disabled", "masked", …
BusAnswer unit_file_state(const char* unit);
/// Name and version of what shows messages on the desktop.
BusAnswer notification_server();

}  // namespace koshin::desk_check
