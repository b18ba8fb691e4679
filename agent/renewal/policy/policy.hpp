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
#include "renewal/policy/record.hpp"

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
/// first. While private objects are hidden, one whose key may not be there stands before none whose key
/// shows: it is told of as in doubt. `force` overrules that nothing is due, and nothing else.
struct Choice {
  const messages::CertificateReport* certificate = nullptr;
  std::optional<Failure> failure;
  const messages::CertificateReport* about = nullptr;
  bool named = false;  ///< by the person: the question was of this one, and not of the token
};
Choice choose_certificate(const messages::TokenReport& token, std::string_view sha256,
                          const Settings& settings, TimePoint now, bool force);

/// Whether an expired certificate is no news any more: its successor only has not begun yet; or a valid one
/// of ours is there, known to be this authority's while this one is not, or, where that tells nothing, for
/// longer than one window. What is known to be this authority's is not left behind for what another has
/// issued.
bool is_left_behind(const messages::CertificateReport& certificate, const messages::TokenReport& token,
                    const Settings& settings, TimePoint now);

/// Whether several lineages of ours might be meant and nothing tells which are the configured authority's:
/// other issuers, and none vouched for.
bool issuers_compete(const messages::TokenReport& token, const Settings::Expect& expect);

/// What takes an unfinished renewal on.
enum class WayOn {
  renew,   ///< `koshin renew`: it goes on where it stopped
  insist,  ///< `koshin renew --force`: it refuses without, after the same wrong answer twice
  enroll   ///< `koshin enroll` with a code: no certificate authenticates its request any more
};
/// `old_not_after`: of the certificate that is renewed, as far as it is known.
WayOn way_on(const Record& record, std::optional<TimePoint> old_not_after, const Settings::Renewal& policy,
             TimePoint now);

/// Whether the authority may know better than this failure of a choice: it was made by this computer's date,
/// or without knowing whose the certificates are.
bool authority_may_tell(const Failure& failure, const messages::TokenReport& token,
                        const Settings::Expect& expect);

/// For a message: what a certificate is called, `"CN" (serial 01, expires 2026-12-01T00:00:00Z, issued by
/// CN=CA)`.
std::string described(const messages::CertificateReport& certificate);
/// So described, those of ours that might be renewed instead of the one with this fingerprint, with their own
/// fingerprints; empty when there are none.
std::string other_candidates(const messages::TokenReport& token, std::string_view sha256,
                             const Settings::Expect& expect);
/// Whether this computer can use it, as the worker has found out; empty: it can.
std::optional<Failure> weakness_of(const messages::CertificateReport& certificate);
/// Why this very certificate is not renewed now, by the rules of a renewal that is told its name; empty: it
/// is. What the settings exclude, what has no key, what is too weak, what is not due, or expired for too
/// long.
std::optional<Failure> why_not_renewed(const messages::TokenReport& token,
                                       const messages::CertificateReport& certificate,
                                       const Settings& settings, TimePoint now);

}  // namespace koshin::renewal
