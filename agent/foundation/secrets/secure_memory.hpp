// SPDX-License-Identifier: MIT
// The operating system's part of SecureBuffer: locked pages, excluded from core dumps.
#pragma once

#include <cstddef>

namespace koshin::secure_memory {

/// Whole pages, zeroed, locked as far as the system's limits allow. Throws std::bad_alloc.
void* allocate(std::size_t bytes);
void release(void* memory, std::size_t bytes) noexcept;

}  // namespace koshin::secure_memory
