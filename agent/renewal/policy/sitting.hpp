// SPDX-License-Identifier: MIT
// A sitting: the renewal of all certificates of a token that are due, one after the other, with one PIN. Each
// is a renewal of its own, with its record, its proof and its end. Pure functions, for command line and page.
#pragma once

#include <vector>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// The certificates of a sitting, in the order of their renewals: due_certificates(), and before them those
/// whose renewal was begun and can go on. `unfinished`: the token's unfinished records.
std::vector<messages::CertificateReport> certificates_of_sitting(const messages::TokenReport& token,
                                                                 const std::vector<Record>& unfinished,
                                                                 const Settings& settings, TimePoint now);

/// Whether none of the others is tried after this failure of one: it concerns this program, the module, the
/// token or the PIN, and nobody may use up more tries of a PIN than a person has typed. What an authority
/// says concerns one certificate.
bool ends_sitting(const Failure& failure);

}  // namespace koshin::renewal
