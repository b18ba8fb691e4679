// SPDX-License-Identifier: MIT
// The limit of locked memory for this user. Secrets need a few pages.
#pragma once

#include <cstdint>
#include <optional>

namespace koshin::renewal {

/// The limit in bytes; empty when there is none.
std::optional<std::uint64_t> memory_lock_limit();

}  // namespace koshin::renewal
