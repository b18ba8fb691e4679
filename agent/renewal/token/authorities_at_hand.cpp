// SPDX-License-Identifier: MIT
// Search for authorities' certificates among a token's objects.
#include "renewal/token/authorities_at_hand.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "enrollment/authority/issued_check.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "renewal/token/known_authorities.hpp"

namespace koshin::renewal {
namespace {

/// Usual tokens hold a few; the search ends after this many.
constexpr std::size_t most = 32;

/// Whether the DER contains basicConstraints with cA TRUE, so that users' certificates need not be parsed
/// again (in OpenSSL 3.0 parsing a public key takes half a millisecond).
bool may_be_authority(pkcs11::ByteView der) {
  static constexpr std::array<std::uint8_t, 5> basic_constraints{0x06, 0x03, 0x55, 0x1D, 0x13};
  static constexpr std::array<std::uint8_t, 3> is_true{0x01, 0x01, 0xFF};
  constexpr std::size_t header_and_critical = 7, value = 12;
  // Not std::ranges::search: clang 14 cannot read what GCC 12's library makes of it.
  const auto found = std::search(der.begin(), der.end(), basic_constraints.begin(), basic_constraints.end());
  if (found == der.end()) return false;
  const auto rest = der.subspan(static_cast<std::size_t>(found - der.begin()) + basic_constraints.size());
  const auto sequence = std::ranges::find(rest.first(std::min(rest.size(), header_and_critical)), 0x30);
  const auto at = static_cast<std::size_t>(sequence - rest.begin());
  const auto content = rest.subspan(at, std::min(rest.size() - at, value));
  return std::search(content.begin(), content.end(), is_true.begin(), is_true.end()) != content.end();
}

}  // namespace

std::vector<enrollment::Certificate> authorities_on(const OpenToken& token) {
  std::vector<enrollment::Certificate> authorities;
  for (const auto& object : token.objects()) {
    if (object.object_class != pkcs11::ObjectClass::certificate || authorities.size() >= most) continue;
    if (!may_be_authority(object.certificate)) continue;
    try {
      auto certificate = enrollment::Certificate::from_der(object.certificate);
      if (X509_check_ca(certificate.native()) != 0) authorities.push_back(std::move(certificate));
    } catch (const FailureError&) {
      continue;
    }
  }
  return authorities;
}

Certificates authorities_at_hand(const OpenToken& token, const Settings& settings) {
  Certificates all = authorities_on(token);
  const auto add = [&all](const Certificates& more) { all.insert(all.end(), more.begin(), more.end()); };
  add(remembered_authorities(settings));
  add(remembered_issuers(settings));
  try {
    add(enrollment::read_issuer_anchors(settings));
  } catch (const FailureError& error) {  // reported where the anchors are needed for trust
    log::debug("no issuer anchors to show", {{"KOSHIN_DETAIL", error.failure().detail}});
  }
  return all;
}

}  // namespace koshin::renewal
