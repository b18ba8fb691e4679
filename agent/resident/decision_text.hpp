// SPDX-License-Identifier: MIT
// A decision in words, for the log and for the notification that stands in when koshin-ui cannot.
#pragma once

#include <string>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "renewal/policy/decision.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

/// For the help desk, without a full stop: "renewal is due (12345678901234 user0001, 2026-12-04T22:23:31Z, 12
/// days left)".
std::string decision_text(const renewal::Verdict& verdict, Language language);

/// The token, with the bank that it is about where there are several.
std::string name_of(const Prompt& prompt, Language language);

struct Notice {
  std::string title, body;
  bool urgent = false;
};
/// What the person reads when there is no wizard: what is the matter, until when, what to do.
Notice notice_for(const Prompt& prompt, Language language);
/// Tokens of which the person is told later, one after the other.
Notice notice_for_waiting(const std::vector<std::string>& labels, Language language);
/// Nothing can be renewed: what is wrong with the settings, where, and whom to ask.
Notice notice_for(const Failure& wrong_settings, Language language);
Notice notice_for_journal(const Failure& why, Language language);
Notice notice_for(const std::string& module, const Failure& failure, Language language);

}  // namespace koshin::resident
