// SPDX-License-Identifier: MIT
// Text where markup is read: a notification's body, an XML file.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// "<", ">", "&" and quotes stand for themselves, in an element and in an attribute's value.
std::string as_markup(std::string_view text);

}  // namespace koshin
