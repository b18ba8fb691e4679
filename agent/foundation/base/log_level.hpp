// SPDX-License-Identifier: MIT
// How much is logged: a setting, and what the log is told.
#pragma once

#include "foundation/base/words.hpp"

namespace koshin {

/// The least severe entries that are written.
enum class LogLevel { debug, info, warning, error };

template <>
inline constexpr std::array<std::string_view, 4> words_of<LogLevel>{"debug", "info", "warning", "error"};

}  // namespace koshin
