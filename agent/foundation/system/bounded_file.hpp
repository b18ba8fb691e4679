// SPDX-License-Identifier: MIT
// A file in memory that takes so many bytes and no more, for what a foreign program or library prints: nobody
// has to read while it does, and it can fill nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "foundation/system/handle.hpp"

namespace koshin {

/// Not inherited by children, and no standard stream. Throws std::system_error.
Handle make_bounded_file(std::size_t size);
/// What has been written through this handle and its duplicates. Allocates nothing: a signal handler asks.
std::string_view read_bounded_file(NativeHandle file, std::span<char> into) noexcept;

}  // namespace koshin
