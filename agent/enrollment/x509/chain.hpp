// SPDX-License-Identifier: MIT
// Verification of certificate chains. Several chains are tried: an authority may have cross-certificates in
// any order, and several authorities may share a name, with or without key identifiers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The certificates that may form a chain.
struct ChainParts {
  std::vector<Certificate> anchors;        ///< a chain may end in any of these, roots or not
  std::vector<Certificate> intermediates;  ///< candidates for the chain; not trusted
};

/// The purpose of a chain.
enum class ChainOf {
  user,   ///< the certificate's own dates are ignored: the caller checks them
  server  ///< a TLS server: its own dates and usages are checked
};

/// Why there is no chain.
struct ChainTrouble {
  std::string why;
  bool too_weak = false;  ///< a chain exists, but the security level refuses it
};

/// Verifies that a chain leads from the certificate to an anchor at time `at`, by OpenSSL's security level.
/// Empty on success.
std::optional<ChainTrouble> chain_trouble(const Certificate& certificate, const ChainParts& parts,
                                          TimePoint at, ChainOf what = ChainOf::user);

/// The certificate in `parts` whose key has signed `certificate`; nullptr when there is none.
const Certificate* find_issuer(const Certificate& certificate, const ChainParts& parts);

/// Whether the certificate is signed with its own key. (A link certificate of an authority that changed its
/// key has the same subject and issuer and is no root.)
bool is_root(const Certificate& certificate);

/// Whether the certificate may issue others (basicConstraints, or a root without extensions).
bool is_authority(const Certificate& certificate);

}  // namespace koshin::enrollment
