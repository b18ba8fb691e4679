// SPDX-License-Identifier: MIT
// Why there is nothing to renew, in words for a failure's detail.
#pragma once

#include <optional>
#include <string>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// Why a token has no candidate: what is missing is told apart, since the way out differs.
Choice why_none(const messages::TokenReport& token, const Settings::Expect& expect);

/// That several banks claim this certificate, the bank of `expect` among them: nobody renews it before the
/// settings tell them apart. Empty when that is not so.
std::optional<Failure> why_disputed(const messages::CertificateReport& certificate,
                                    const Settings::Expect& expect);

/// Why this one, which a person has named, is no candidate; empty when it is.
std::optional<Failure> why_no_candidate(const messages::CertificateReport& certificate,
                                        const std::string& token_label, const Settings::Expect& expect);

}  // namespace koshin::renewal
