// SPDX-License-Identifier: MIT
// A file in memory that takes so many bytes and no more, for what a foreign program or library prints: nobody
// has to read while it does, and it can fill nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace koshin {

/// Throws std::system_error. Above 2 and closed in children.
int make_bounded_file(std::size_t size);
/// What has been written through this descriptor and its duplicates. Allocates nothing: a signal handler
/// asks.
std::string_view read_bounded_file(int descriptor, std::span<char> into) noexcept;

}  // namespace koshin
