// SPDX-License-Identifier: MIT
// The check of an issued certificate, before it is written to the token.
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
  std::optional<Certificate> old_certificate;  ///< empty: a first enrolment
  /// The old certificate was issued moments ago, for the same renewal (the second leg on a card with home
  /// slots): an authority whose certificates end with a day gives both the same end.
  bool may_end_with_old = false;
  Bytes requested_public_key;  ///< SubjectPublicKeyInfo
  Bytes requested_subject;
  std::optional<Bytes> requested_san;
  ChainParts chain;  ///< certificates for its chain
  Settings::Expect expect;
  TimePoint now{};
};

/// The certificates of authority.issuer_anchors; empty when it is not set. Throws
/// FailureError{settings_invalid}.
std::vector<Certificate> read_issuer_anchors(const Settings& settings);

/// Throws FailureError with the first issued_* reason that applies: key, subject, SAN, policy (O, OU, CN
/// pattern), validity (later than the old one, not expired, not from a future beyond 5 min of clock skew, no
/// further than expect.longest_validity), form (RFC 5280, a serial number of its own), usages (kept, none
/// added), strength, chain. docs/authorities.md has the rules.
void check_issued(const Certificate& issued, const IssuedCheck& check);

/// The requested certificate among those in the answer, whose order is insignificant (RFC 5652 section
/// 10.2.3): of the certificates for the requested key, except the old one, the first that passes
/// check_issued(), starting with the latest notAfter. When none passes, throws the failure of the one with
/// the latest notAfter.
Issued choose_issued(const Issued& came, const IssuedCheck& check);

}  // namespace koshin::enrollment
