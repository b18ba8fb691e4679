// SPDX-License-Identifier: MIT
// The dialogue with a started pinentry.
#pragma once

#include <chrono>
#include <stop_token>

#include "foundation/secrets/secret_input.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin {

/// Asks for one secret. Throws FailureError as ask_pinentry() does, and {worker_failed} when the pipe breaks.
SecureBuffer converse_with_pinentry(ChildProcess& pinentry, const PinentryTexts& texts,
                                    std::chrono::steady_clock::time_point until, const std::stop_token& stop);

}  // namespace koshin
