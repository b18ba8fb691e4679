// SPDX-License-Identifier: MIT
// Windows has no systemd journal: every entry goes to standard error or to koshin.log.
#include "foundation/log/log_sink.hpp"

namespace koshin::log {

bool send_to_journal(std::span<const std::string> /*fields*/) {
  return false;
}

}  // namespace koshin::log
