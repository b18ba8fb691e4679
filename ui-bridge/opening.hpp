// SPDX-License-Identifier: MIT
// Which screen the wizard opens on: a pure function of what is on the tokens, what the journal remembers and
// why the wizard was called.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "renewal/policy/record.hpp"
#include "wizard.hpp"

namespace koshin::ui {

/// The token this is about: the one the occasion names, else the first that calls for something, a proof that
/// is left last of all, else the first that holds a certificate of ours, else the first. Empty when there is
/// none, or the named one is not among them.
std::optional<std::size_t> choose_token(const std::vector<messages::TokenReport>& tokens,
                                        const Occasion& occasion, const Settings& settings, WizardHost& host);

/// The other tokens that call for something now, but for those that were put off or wait for the authority;
/// the most urgent first.
std::vector<OtherToken> others_that_call(const std::vector<messages::TokenReport>& tokens,
                                         const Settings& settings, WizardHost& host);

struct Opening {
  Screen screen = Screen::interrupted;
  Task task = Task::renew;
  std::optional<messages::CertificateReport> certificate, deletable;
  std::optional<messages::PendingResult> pending;
  std::string why_reissue;
  bool resumed = false;
  bool proof_left = false;         ///< another computer has written the new certificate
  bool look_first = false;         ///< with the PIN, before it is known what there is to do
  std::optional<Failure> failure;  ///< when screen is interrupted
};
Opening opening(const messages::TokenReport& token, const Occasion& occasion, const Settings& settings,
                WizardHost& host);

}  // namespace koshin::ui
