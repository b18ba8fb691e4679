// SPDX-License-Identifier: MIT
// What koshin-ui's desktop messages say: pure functions of what is known.
#pragma once

#include <optional>
#include <string>

#include "desk_journal.hpp"
#include "foundation/base/language.hpp"
#include "foundation/settings/settings.hpp"
#include "notification.hpp"
#include "renewal/policy/record.hpp"
#include "ui-bridge/wizard/model.hpp"
#include "ui-bridge/wizard/occasion.hpp"

namespace koshin::ui {

/// What a desktop message is about.
struct Subject {
  std::string reason;                            ///< a decision of the agent's, or that none is known
  std::optional<renewal::TokenMemory> memory{};  ///< the agent's, of the certificate concerned
  bool logs_in = true;                           ///< what that certificate is for
};

/// Where whoever has started the program gives no reason: the certificate of this bank that needs attention
/// by the journal's memory, the first to expire; else whether any was read at all.
Subject subject_of(const Occasion& occasion, const DeskJournal& journal);

/// The question before the window, with its buttons "default", "renew" and, where something is due, "later".
/// `due`: how many certificates are; `waits`: the renewal of this one waits for the authority.
Notification question(const Subject& subject, std::size_t due, bool waits, const Settings& settings,
                      Language language, TimePoint now);

/// In place of the question where the settings are wrong, with nothing to put off: each mistake is told once.
Notification about_wrong_settings(const Failure& mistake, Language language);

/// How a renewal has ended, for a person who looks at no window; empty where the screen is no end.
std::optional<Notification> result_message(const Model& model, const Settings& settings, Language language);

}  // namespace koshin::ui
