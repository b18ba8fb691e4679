// SPDX-License-Identifier: MIT
// Windows has no units: what the agent starts is confined by nothing of the agent's.
#include "resident/outside_unit.hpp"

namespace koshin::resident {

std::vector<std::string> outside_unit(const std::string& /*description*/,
                                      const std::vector<std::string>& /*properties*/) {
  return {};
}

}  // namespace koshin::resident
