// SPDX-License-Identifier: MIT
// Whether a certificate was issued by somebody who is trusted. Several chains are tried: an authority may
// have cross-certificates in any order, and several authorities of one name, with or without key identifiers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// What a chain may be made of.
struct ChainParts {
  std::vector<Certificate> anchors;        ///< it may end in any of these, roots or not
  std::vector<Certificate> intermediates;  ///< of use on the way; nobody vouches for them
};

/// What a chain is for.
enum class ChainOf {
  user,  ///< the certificate's own dates are not looked at: whether they may be over is for the caller to say
  server  ///< of TLS, whose own dates and usages count
};

/// Why there is no chain.
struct ChainTrouble {
  std::string why;
  bool too_weak = false;  ///< there is one, which the security level refuses
};

/// Empty when a chain leads from the certificate to an anchor, at this time and by OpenSSL's security level.
std::optional<ChainTrouble> chain_trouble(const Certificate& certificate, const ChainParts& parts,
                                          TimePoint at, ChainOf what = ChainOf::user);

/// The certificate among `parts` whose key has signed this one; nullptr when it is not there.
const Certificate* find_issuer(const Certificate& certificate, const ChainParts& parts);

/// A certificate that its own key has signed. One of an authority that has changed its key, under the same
/// name, bears that name twice as well, and is none.
bool is_root(const Certificate& certificate);

/// A certificate that may issue others (basicConstraints, or a root from the time before it).
bool is_authority(const Certificate& certificate);

}  // namespace koshin::enrollment
