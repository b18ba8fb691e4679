// SPDX-License-Identifier: MIT
// Which certificate a deletion is about. Pure; what may be deleted is in inventory.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::renewal {

/// `failure` says why there is none, or more than one, and what names it.
struct ChoiceToDelete {
  const messages::CertificateReport* certificate = nullptr;
  std::optional<Failure> failure;
};
/// The certificate that `sha256` names; without a name the one that koshin has renewed.
ChoiceToDelete choose_to_delete(const messages::TokenReport& token, std::string_view sha256);

/// Whether the person logs in with this one: no other on the token is in force for that.
bool is_the_one_in_use(const messages::TokenReport& token, const messages::CertificateReport& certificate,
                       TimePoint now);

/// Name, issuer, serial number, expiry and purpose, for whoever is to confirm or look into it.
std::string described_in_full(const messages::CertificateReport& certificate);

}  // namespace koshin::renewal
