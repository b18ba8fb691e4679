// SPDX-License-Identifier: MIT
// Services by the service manager's word.
#pragma once

#include <optional>

namespace koshin {

/// `state`: SERVICE_RUNNING, …; `start`: SERVICE_AUTO_START, …
struct ServiceState {
  unsigned long state = 0, start = 0;
};
/// Empty where the service manager does not tell: also for a service that there is not.
std::optional<ServiceState> state_of_service(const wchar_t* name);

}  // namespace koshin
