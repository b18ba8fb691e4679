// SPDX-License-Identifier: MIT
// How much memory this user may lock: secrets want a few pages.
#pragma once

#include <cstdint>
#include <optional>

namespace koshin::renewal {

/// Bytes; empty when there is no limit.
std::optional<std::uint64_t> memory_lock_limit();

}  // namespace koshin::renewal
