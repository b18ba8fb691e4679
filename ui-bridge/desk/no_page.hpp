// SPDX-License-Identifier: MIT
// For a system on which no page can be opened: the person is told what does the same.
#pragma once

#include "application.hpp"
#include "foundation/base/language.hpp"
#include "ui-bridge/wizard/view.hpp"

namespace koshin::ui {

/// On standard error and in the log. Where nobody reads the former (a link, the menu) and no agent has a
/// message of its own, on the desktop too; where that shows no messages, by the view.
void tell_of_no_page(const Options& options, Language language, View& view);

}  // namespace koshin::ui
