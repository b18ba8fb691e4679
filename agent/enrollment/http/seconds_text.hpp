// SPDX-License-Identifier: MIT
// How long was waited, in the words of a failure's detail.
#pragma once

#include <chrono>
#include <string>

namespace koshin::enrollment {

/// "10 s"; what is begun of a second counts as one.
inline std::string seconds_text(std::chrono::milliseconds time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace koshin::enrollment
