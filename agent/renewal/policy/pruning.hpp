// SPDX-License-Identifier: MIT
// The certificate that a deletion is about. Pure functions; inventory.hpp says what may be deleted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {

/// `failure` says why no certificate, or more than one, matches, and how to name one.
struct ChoiceToDelete {
  const messages::CertificateReport* certificate = nullptr;
  std::optional<Failure> failure;
};
/// The certificate that `sha256` names; without a name the certificate that koshin has renewed.
ChoiceToDelete choose_to_delete(const messages::TokenReport& token, std::string_view sha256,
                                const TokenProfile& profile);

/// Whether no confirmation deletes the certificate: its key must stay (keeps_private_key()), and a token of
/// this profile may not show that key without it. A card's slot would look empty, to another computer for
/// one, and be overwritten by the next key.
bool stays_on(const TokenProfile& profile, const messages::CertificateReport& certificate);
/// The detail for such a certificate, with what can be done instead.
std::string why_certificate_stays(const messages::CertificateReport& certificate);

/// Whether the person logs in with this certificate: no other log-in certificate on the token is in force.
bool is_the_one_in_use(const messages::TokenReport& token, const messages::CertificateReport& certificate,
                       TimePoint now);

/// Whether the private key stays on the token when the certificate is deleted: what was encrypted for the
/// certificate, old mail for one, can be read with this key alone.
bool keeps_private_key(const messages::CertificateReport& certificate);

/// Name, issuer, serial number, expiry and purpose, for the person who confirms the deletion or examines its
/// failure.
std::string describe_in_full(const messages::CertificateReport& certificate);

}  // namespace koshin::renewal
