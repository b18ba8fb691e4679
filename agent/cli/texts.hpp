// SPDX-License-Identifier: MIT
// Texts with values, and alignment in columns.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "foundation/failures/failure.hpp"

namespace koshin::cli {

/// fill_places() for a list of values in the code.
std::string fill(std::string_view text, std::initializer_list<std::string_view> values);

/// Width of a text in terminal columns: Japanese characters take two.
std::size_t display_width(std::string_view utf8);
/// The text, padded with blanks to `width` columns.
std::string padded(std::string_view utf8, std::size_t width);

}  // namespace koshin::cli
