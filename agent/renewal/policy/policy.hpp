// SPDX-License-Identifier: MIT
// When to renew: pure functions of certificate dates, clock and settings. Links no OpenSSL, so the agent can
// use it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

enum class Validity { not_yet_valid, current, due, expired_in_grace, expired };

/// `due` begins one window before not_after (calendar arithmetic, UTC); 5 minutes of clock skew never make a
/// valid certificate "not yet valid".
Validity validity(TimePoint not_before, TimePoint not_after, const Settings::Renewal& policy, TimePoint now);
/// When `due` begins.
TimePoint due_from(TimePoint not_after, const Settings::Renewal& policy);
/// Its validity has begun, give or take 5 minutes of clock skew.
bool has_begun(const messages::CertificateReport& certificate, TimePoint now);
/// Whole days left, rounded down; negative when expired.
long days_left(TimePoint not_after, TimePoint now);

/// Which certificate of a token a renewal is about: for logging in, with a key (as far as can be told), not
/// replaced (renewal/policy/inventory.hpp); the one `sha256` names, else the one that expires first among
/// those due. `failure` says why none or more than one fits, and `about` of which certificate it is said;
/// null where it is said of the token.
///
/// Each lineage speaks for itself: one of ours that has expired and that nothing has replaced is told of,
/// however long another one is valid, unless it is left behind. What is known to be this authority's goes
/// first. `force` overrules that nothing is due, and nothing else.
struct Choice {
  const messages::CertificateReport* certificate = nullptr;
  std::optional<Failure> failure;
  const messages::CertificateReport* about = nullptr;
};
Choice choose_certificate(const messages::TokenReport& token, std::string_view sha256,
                          const Settings& settings, TimePoint now, bool force);

/// Whether an expired certificate is no news any more: its successor only has not begun yet; or a valid one
/// of ours is there, known to be this authority's while this one is not, or, where that tells nothing, for
/// longer than one window. What is known to be this authority's is not left behind for what another has
/// issued.
bool is_left_behind(const messages::CertificateReport& certificate, const messages::TokenReport& token,
                    const Settings& settings, TimePoint now);

/// Whether the failure of a choice may be gone once the PIN shows what is hidden.
bool pin_may_tell(const Failure& failure, const messages::TokenReport& token);

}  // namespace koshin::renewal
