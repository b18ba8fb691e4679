// SPDX-License-Identifier: MIT
// HTML and XML without their markup. Internal to this module and its tests.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// The text between the tags, in which scripts, styles, comments and the document's title have no part (the
/// title alone when there is nothing else); character references are resolved.
std::string without_markup(std::string_view markup);

}  // namespace koshin::enrollment
