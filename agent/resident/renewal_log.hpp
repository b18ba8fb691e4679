// SPDX-License-Identifier: MIT
// What an unattended renewal does, in lines that a help desk can read.
#pragma once

#include <optional>

#include "foundation/jobs/messages.hpp"

namespace koshin::resident {

void log_renewal_step(const messages::Event& event);
/// Returns what stopped it; empty when it completed or waits for the authority.
std::optional<Failure> log_renewal_end(const messages::Event& event);

}  // namespace koshin::resident
