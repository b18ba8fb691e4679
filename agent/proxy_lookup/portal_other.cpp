// SPDX-License-Identifier: MIT
// A system whose session bus koshin does not know: libproxy is asked in the portal's place.
#include "proxy_lookup/desktop_settings.hpp"

namespace koshin::proxy_lookup {

std::optional<DesktopAnswer> ask_portal(const std::string& /*url*/, std::chrono::milliseconds /*limit*/) {
  return std::nullopt;
}

}  // namespace koshin::proxy_lookup
