// SPDX-License-Identifier: MIT
// Why no certificate can be renewed, as text for a failure's detail.
#pragma once

#include <optional>
#include <string>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// Why a token has no candidate of this purpose. The causes are distinguished because their remedies differ.
Choice why_none(const messages::TokenReport& token, messages::Purpose purpose,
                const Settings::Expect& expect);

/// A failure if several banks claim this certificate, the bank of `expect` among them: no bank renews it
/// until the settings tell the banks apart. Empty otherwise.
std::optional<Failure> why_disputed(const messages::CertificateReport& certificate,
                                    const Settings::Expect& expect);

/// Why a certificate that a person has named is no candidate; empty when it is one.
std::optional<Failure> why_no_candidate(const messages::CertificateReport& certificate,
                                        const std::string& token_label, const Settings::Expect& expect);

}  // namespace koshin::renewal
