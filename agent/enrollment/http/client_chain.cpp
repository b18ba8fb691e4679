// SPDX-License-Identifier: MIT
// Walking from a certificate to its issuers.
#include "enrollment/http/client_chain.hpp"

#include <openssl/x509v3.h>

#include <algorithm>

#include "enrollment/x509/openssl_handles.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t longest_shown_chain = 8;

/// A root first: with one at hand the chain is complete, whatever cross-certificates of it there are.
const Certificate* issuer_of(const Certificate& subject, const std::vector<Certificate>& known,
                             TimePoint now) {
  const Certificate* best = nullptr;
  for (const Certificate& candidate : known) {
    if (!candidate.has_issued(subject)) continue;
    if (candidate.self_issued()) return &candidate;
    const bool valid = candidate.not_before() <= now && now <= candidate.not_after();
    if (best == nullptr || valid) best = &candidate;
  }
  return best;
}

}  // namespace

std::vector<Certificate> client_chain(const Certificate& leaf, const std::vector<Certificate>& known,
                                      TimePoint now) {
  std::vector<Certificate> chain;
  if (leaf.self_issued()) return chain;
  const Certificate* subject = &leaf;
  while (chain.size() < longest_shown_chain) {
    const Certificate* issuer = issuer_of(*subject, known, now);
    if (issuer == nullptr || issuer->self_issued()) break;
    const bool circle =
        std::ranges::any_of(chain, [&](const auto& one) { return one.der() == issuer->der(); });
    if (circle) break;
    chain.push_back(*issuer);
    subject = issuer;
  }
  return chain;
}

}  // namespace koshin::enrollment
