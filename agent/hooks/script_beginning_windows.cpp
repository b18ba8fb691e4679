// SPDX-License-Identifier: MIT
#include "hooks/script_beginning.hpp"

namespace koshin::hooks {

std::string why_not_started(const std::filesystem::path& /*file*/) {
  return {};
}

}  // namespace koshin::hooks
