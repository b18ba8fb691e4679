// SPDX-License-Identifier: MIT
// Text for a notification's body where the server reads it as markup.
#pragma once

#include <string>
#include <string_view>

namespace koshin::desktop {

/// A token's label is no markup: "<", ">", "&" and quotes stand for themselves.
std::string as_markup(std::string_view text);

}  // namespace koshin::desktop
