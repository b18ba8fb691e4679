// SPDX-License-Identifier: MIT
// A file that tells a person something in the browser without a page: no server, no script, no secret.
#pragma once

#include <string>

#include "ui-bridge/wizard/view.hpp"

namespace koshin::ui {

/// Writes the notice into the one file for it, in the user's runtime folder (0600), and returns its file://
/// address. The file stays, for a browser that takes its time; the next notice replaces it. Empty, with a log
/// entry, when it cannot be written.
std::string make_notice_file(const Notice& notice);

}  // namespace koshin::ui
