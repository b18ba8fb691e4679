// SPDX-License-Identifier: MIT
// When to renew, and which certificate: pure functions of certificate dates, clock and settings. Does not
// link OpenSSL, so that the agent can use them.
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

/// `due` begins one settings.renewal.window before not_after (calendar arithmetic in UTC). A clock skew of up
/// to 5 minutes never makes a valid certificate "not yet valid".
Validity validity(TimePoint not_before, TimePoint not_after, const Settings::Renewal& policy, TimePoint now);
/// The time at which Validity::due begins.
TimePoint due_from(TimePoint not_after, const Settings::Renewal& policy);
/// Whether the certificate's validity has begun, with a tolerance of 5 minutes for clock skew.
bool has_begun(const messages::CertificateReport& certificate, TimePoint now);
/// Whole days left, rounded down; negative when expired.
long days_left(TimePoint not_after, TimePoint now);

/// The certificate of a token that a renewal is about: of a purpose that the settings renew, with a key (as
/// far as can be told), not replaced (renewal/policy/inventory.hpp) and, if it does not log in, with an
/// authenticator_of() it. The certificate that `sha256` names, else the one that expires first among those
/// due, of those for logging in before others. One that does not log in may be renewed after its expiry,
/// until is_left_behind(). `failure` says why none or more than one fits, and `about` the certificate that
/// the failure concerns; null where the failure concerns the token.
///
/// Each lineage is judged by itself: an expired, unreplaced certificate of ours is reported however long
/// another one is valid, unless is_left_behind(). Certificates known to be from the configured authority take
/// precedence. While private objects are hidden, a certificate whose key may be missing never takes
/// precedence over one whose key shows; such a certificate is reported as undetermined. `force` overrules
/// not_due and nothing else.
struct Choice {
  const messages::CertificateReport* certificate = nullptr;
  std::optional<Failure> failure;
  const messages::CertificateReport* about = nullptr;
  bool named =
      false;  ///< the person named the certificate: the answer is about this certificate, not about the token
};
Choice choose_certificate(const messages::TokenReport& token, std::string_view sha256,
                          const Settings& settings, TimePoint now, bool force);

/// All certificates that a renewal could be about now, as choose_certificate() finds them: those for logging
/// in first, then those for signatures and for encryption, each kind in the order in which they expire. Empty
/// where choose_certificate() reports a failure for each purpose.
std::vector<const messages::CertificateReport*> due_certificates(const messages::TokenReport& token,
                                                                 const Settings& settings, TimePoint now);

/// The certificate that authenticates the request for the next `certificate`: itself where it logs in; for
/// another purpose a log-in certificate of ours that is in force, has its key (as far as can be told) and has
/// the same subject, else the only one there is. Null where there is none.
const messages::CertificateReport* authenticator_of(const messages::CertificateReport& certificate,
                                                    const messages::TokenReport& token,
                                                    const Settings& settings, TimePoint now);

/// Whether an expired certificate is not reported any more: its successor is on the token but not valid yet;
/// or a valid certificate of ours is known to be from the configured authority while the expired one is not;
/// or, where the issuers do not tell, the certificate expired more than one renewal window ago. (The other
/// certificate is for the same purpose, or logs in.) A certificate
/// known to be from the configured authority is not left behind because of another authority's certificate.
bool is_left_behind(const messages::CertificateReport& certificate, const messages::TokenReport& token,
                    const Settings& settings, TimePoint now);

/// Whether several lineages of ours with different issuers compete, none of them known to be from the
/// configured authority.
bool issuers_compete(const messages::TokenReport& token, const Settings::Expect& expect);

/// Whether a certificate cannot be renewed any more, by its date alone: one that logs in authenticates the
/// request for its successor, and is past renewal once settings.renewal.grace is over. Another one is never:
/// a log-in certificate authenticates its request.
bool is_past_renewal(messages::Purpose purpose, TimePoint not_after, const Settings::Renewal& policy,
                     TimePoint now);

/// The command that resumes an unfinished renewal.
enum class WayOn {
  renew,   ///< `koshin renew`: resumes at the last finished step
  insist,  ///< `koshin renew --force`: required after the same wrong answer came twice
  enroll   ///< `koshin enroll` with a code: no certificate can authenticate the request any more
};
/// `old_is_past_renewal`: whether the certificate that is renewed is known to be past renewal.
WayOn way_on(const Record& record, bool old_is_past_renewal);

/// Whether the authority's answer may overrule the failure of a choice: the choice relied on this computer's
/// date, or was made without knowing which issuers are the authority's.
bool authority_may_tell(const Failure& failure, const messages::TokenReport& token,
                        const Settings::Expect& expect);

/// A certificate as text for a message: `"CN" (serial 01, expires 2026-12-01T00:00:00Z, issued by CN=CA)`.
std::string describe_certificate(const messages::CertificateReport& certificate);
/// The certificates of ours other than `sha256` that might be renewed, as describe_certificate() and with
/// their fingerprints; empty when there are none.
std::string other_candidates(const messages::TokenReport& token, std::string_view sha256,
                             const Settings::Expect& expect);
/// Why this computer cannot use the certificate (strength), as the worker has found out; empty when it can.
std::optional<Failure> weakness_of(const messages::CertificateReport& certificate);
/// Why `certificate` cannot be renewed now, by the rules for a renewal that names its certificate; empty when
/// it can be renewed. Reasons: excluded by settings.expect, no key, too weak, not due, expired for too long.
std::optional<Failure> why_not_renewed(const messages::TokenReport& token,
                                       const messages::CertificateReport& certificate,
                                       const Settings& settings, TimePoint now);

}  // namespace koshin::renewal
