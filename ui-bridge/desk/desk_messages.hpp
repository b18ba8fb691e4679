// SPDX-License-Identifier: MIT
// What koshin-ui's desktop messages say: pure functions of what is known.
#pragma once

#include <optional>

#include "foundation/base/language.hpp"
#include "foundation/settings/settings.hpp"
#include "notification.hpp"
#include "renewal/policy/record.hpp"
#include "ui-bridge/wizard/model.hpp"
#include "ui-bridge/wizard/occasion.hpp"

namespace koshin::ui {

/// The question before the window, with its buttons "default", "renew" and "later". `memory`: the agent's, of
/// the certificate concerned; `waits`: its renewal waits for the authority.
Notification question(const Occasion& occasion, const std::optional<renewal::TokenMemory>& memory, bool waits,
                      const Settings& settings, Language language, TimePoint now);

/// How a renewal has ended, for a person who looks at no window; empty where the screen is no end.
std::optional<Notification> result_message(const Model& model, const Settings& settings, Language language);

}  // namespace koshin::ui
