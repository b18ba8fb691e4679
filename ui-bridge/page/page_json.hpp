// SPDX-License-Identifier: MIT
// The JSON between server and page: the model to the page, the person's actions back. The only JSON of the
// page's server; contains no secret.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "foundation/settings/settings.hpp"
#include "ui-bridge/wizard/model.hpp"
#include "ui-bridge/wizard/wizard.hpp"

namespace koshin::ui {

/// The model and the settings for the page, in one line. `version`: number of the state.
std::string view_json(const Model& model, const Settings& settings, unsigned long version);
/// Parses an action; empty for anything but an object with known members of known types.
std::optional<Action> parse_action(std::span<const char> json);

}  // namespace koshin::ui
