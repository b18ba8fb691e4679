// SPDX-License-Identifier: MIT
// The wizard's first screen: a pure function of the tokens, the journal and the occasion.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "occasion.hpp"
#include "wizard_host.hpp"

namespace koshin::ui {

/// The token to handle: the one that the occasion names, else the first that needs attention (a missing proof
/// last), else the first with a certificate of ours, else the first. Empty when there is none, or the named
/// one is absent.
std::optional<std::size_t> choose_token(const std::vector<messages::TokenReport>& tokens,
                                        const Occasion& occasion, const Settings& settings,
                                        TokenHistory& history);

/// The other tokens that need attention now, except postponed ones and those that wait for the authority; the
/// most urgent first.
std::vector<OtherToken> other_tokens_needing_attention(const std::vector<messages::TokenReport>& tokens,
                                                       const Settings& settings, TokenHistory& history);

struct Opening {
  Screen screen = Screen::interrupted;
  Task task = Task::renew;
  std::optional<messages::CertificateReport> certificate, deletable;
  std::optional<messages::PendingResult> pending;
  std::string why_reissue;
  bool resumed = false;
  bool proof_left = false;         ///< another computer has written the new certificate
  bool look_first = false;         ///< inspect with the PIN before deciding what to do
  std::optional<Failure> failure;  ///< when screen is interrupted
};
Opening opening(const messages::TokenReport& token, const Occasion& occasion, const Settings& settings,
                TokenHistory& history);

}  // namespace koshin::ui
