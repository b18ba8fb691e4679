// SPDX-License-Identifier: MIT
// Which certificates TLS shows beside our own (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2). Internal to
// this module and its tests.
#pragma once

#include <openssl/x509.h>

#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The issuers of `leaf` among `known`, each certified by the next, without a root: a server has its own, and
/// one that it is shown proves nothing to it. An issuer is known by its key (the signature holds), not by its
/// name alone; where some are valid `now`, only those. Empty when the issuer is not known.
///
/// Where several ways lead up (cross-certificates; the links between a root's old and new key, RFC 4210
/// section 4.4), the server may trust the end of any: those that it names an authority of in `names`, the
/// shortest first and then what the others have more, at most 8. Servers put the order right by themselves.
std::vector<Certificate> client_chain(const Certificate& leaf, const std::vector<Certificate>& known,
                                      TimePoint now, const STACK_OF(X509_NAME) * names = nullptr);

}  // namespace koshin::enrollment
