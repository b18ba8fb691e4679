// SPDX-License-Identifier: MIT
// Which certificates TLS shows beside our own (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2). Internal to
// this module and its tests.
#pragma once

#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The issuers of `leaf` among `known`, each certified by the next, without a root: a server has its own, and
/// one that it is shown proves nothing to it. An issuer is known by its key (the signature holds), not by its
/// name alone; where several fit, one that is valid `now`. Empty when the issuer is not known.
std::vector<Certificate> client_chain(const Certificate& leaf, const std::vector<Certificate>& known,
                                      TimePoint now);

}  // namespace koshin::enrollment
