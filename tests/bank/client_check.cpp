// SPDX-License-Identifier: MIT
// The order of the checks is the order in which a bank would explain them.
#include "bank/client_check.hpp"

#include <cstdlib>
#include <ctime>

#include "bank/request_check.hpp"

namespace koshin::bank {

X509* require_client(const Peer& peer, const CertificateAuthority& authority, Ledger& ledger,
                     const Switches& switches) {
  X509* client = peer.certificate.get();
  if (client == nullptr) throw Refusal(401, "a client certificate is needed here");
  if (!authority.signed_by_us(client))
    throw Refusal(403, "the client certificate was not issued by this bank");
  const auto now = std::time(nullptr);
  auto oldest = now - std::time_t{86400} * leading_number(switches.get("accept_expired_days"));
  if (X509_cmp_time(X509_get0_notBefore(client), nullptr) > 0)
    throw Refusal(403, "the client certificate is not valid yet");
  if (X509_cmp_time(X509_get0_notAfter(client), &oldest) < 0) {
    throw Refusal(403, "the client certificate has expired; ask your administrator for a re-issue");
  }
  if (switches.enabled("revoked") || ledger.revoked(serial_of(client))) {
    throw Refusal(403, "the client certificate has been revoked; ask your administrator for a re-issue");
  }
  return client;
}

}  // namespace koshin::bank
