// SPDX-License-Identifier: MIT
// The certificates that TLS sends with the client certificate (RFC 5246 section 7.4.2, RFC 8446 section
// 4.4.2). Internal to this module and its tests.
#pragma once

#include <openssl/x509.h>

#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The issuers of `leaf` among `known`, each certified by the next, without the root: a server has its own
/// roots and does not trust one that it receives. An issuer is recognized by its key (the signature
/// verifies), not by its name alone; if some are valid at `now`, only those. Empty when the issuer is
/// unknown.
///
/// Where there are several paths (cross-certificates; link certificates between a root's old and new key, RFC
/// 4210 section 4.4), the server may trust the end of any: those with an authority in `names`, the shortest
/// first, followed by the further certificates of the others, at most 8. Servers order the certificates by
/// themselves.
std::vector<Certificate> client_chain(const Certificate& leaf, const std::vector<Certificate>& known,
                                      TimePoint now, const STACK_OF(X509_NAME) * names = nullptr);

}  // namespace koshin::enrollment
