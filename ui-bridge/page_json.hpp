// SPDX-License-Identifier: MIT
// What server and page say to each other, as JSON: the model to the page, the person's actions back. The only
// place of the page's server that knows JSON. No secret passes through here.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "wizard.hpp"

namespace koshin::ui {

/// The model and the settings that shape the page, on one line. `version` numbers the states.
std::string view_json(const Model& model, const Settings& settings, unsigned long version);
/// Empty for anything but an object of the known members with the known types.
std::optional<Action> parse_action(std::span<const char> json);

}  // namespace koshin::ui
