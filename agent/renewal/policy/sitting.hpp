// SPDX-License-Identifier: MIT
// A sitting: the renewal of all certificates of a token that are due, one after the other, with one PIN. Each
// is a renewal of its own, with its record, its proof and its end. Pure functions, for command line and page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// No sitting is longer. What is due beyond it is left to the next one.
inline constexpr std::size_t longest_sitting = 100;

/// The certificates of a sitting, in the order of their renewals: those that log in; then those whose renewal
/// was begun and can go on, and due_certificates(); last those whose renewal has failed before. Among those
/// that log in, too, what was begun comes first. `unfinished`: the token's unfinished records. `known`:
/// fingerprints of what the sitting has had so far, the certificates that it has fetched included: none of
/// them is part of it once more, even where the window is so long that a new certificate is due.
std::vector<messages::CertificateReport> certificates_of_sitting(const messages::TokenReport& token,
                                                                 const std::vector<Record>& unfinished,
                                                                 const Settings& settings, TimePoint now,
                                                                 const std::vector<std::string>& known = {});

/// Whether none of the others is tried after this failure of one: it concerns this program, the module, the
/// token or the PIN, and nobody may use up more tries of a PIN than a person has typed; or a proxy takes no
/// password, which a directory counts as well. What an authority says concerns one certificate.
bool ends_sitting(const Failure& failure);

}  // namespace koshin::renewal
