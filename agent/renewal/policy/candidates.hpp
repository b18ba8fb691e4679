// SPDX-License-Identifier: MIT
// The certificates of a token among which choose_certificate() and due_certificates() choose. Pure functions.
#pragma once

#include <vector>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// The certificates of ours, of all purposes, that are not replaced and whose key is not missing.
std::vector<const messages::CertificateReport*> candidates(const messages::TokenReport& token,
                                                           const Settings::Expect& expect);

/// The candidates of one purpose that a renewal may be about, due or not: not left behind, and with a
/// certificate that authenticates the request.
std::vector<const messages::CertificateReport*> renewable(const messages::TokenReport& token,
                                                          messages::Purpose purpose, const Settings& settings,
                                                          TimePoint now);

}  // namespace koshin::renewal
