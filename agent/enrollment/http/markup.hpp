// SPDX-License-Identifier: MIT
// HTML and XML without their markup. Internal to this module and its tests.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// The text of the markup, without scripts, styles, comments and the document's title (the title alone when
/// there is nothing else), with character references resolved.
std::string without_markup(std::string_view markup);

}  // namespace koshin::enrollment
