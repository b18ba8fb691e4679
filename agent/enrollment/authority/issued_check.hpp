// SPDX-License-Identifier: MIT
// The check of what was issued, before it touches the token.
#pragma once

#include <optional>
#include <vector>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/x509/certificate.hpp"
#include "enrollment/x509/chain.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct IssuedCheck {
  std::optional<Certificate> old_certificate;  ///< none: a first enrolment
  Bytes requested_public_key;                  ///< SubjectPublicKeyInfo
  Bytes requested_subject;
  std::optional<Bytes> requested_san;
  ChainParts chain;  ///< what its chain may be made of
  Settings::Expect expect;
  TimePoint now{};
};

/// The certificates of authority.issuer_anchors; none when it is not set. Throws
/// FailureError{settings_invalid}.
std::vector<Certificate> read_issuer_anchors(const Settings& settings);

/// Throws FailureError with the first issued_* reason that applies: key, subject, SAN, policy (O, OU, CN
/// pattern), validity (later than the old one, not expired, not from a future beyond 5 min of clock skew, no
/// further than expect.longest_validity), form (RFC 5280, a serial number of its own), usages (kept, none
/// added), strength, chain. docs/authorities.md has the rules.
void check_issued(const Certificate& issued, const IssuedCheck& check);

/// The one that was asked for, among all that came, whose order means nothing (RFC 5652 section 10.2.3): of
/// those for the requested key, the old certificate itself aside, the first that passes check_issued(),
/// beginning with the one that ends last. Throws what that says of the latter when none passes.
Issued choose_issued(const Issued& came, const IssuedCheck& check);

}  // namespace koshin::enrollment
