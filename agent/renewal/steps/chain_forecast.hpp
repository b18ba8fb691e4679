// SPDX-License-Identifier: MIT
// The certificates that may form the chain of a certificate from this authority, and a forecast whether the
// chain of the next certificate will verify.
#pragma once

#include "enrollment/x509/chain.hpp"
#include "renewal/steps/examination.hpp"

namespace koshin::renewal {

/// Anchors: the administrator's choice, else the anchors that authenticated the authority, or what the
/// authority itself publishes. Intermediates: whatever the authority publishes, sent
/// in the TLS handshake or with an answer (`came_along`), and CA certificates on the token.
enrollment::ChainParts chain_parts(const Examination& exam,
                                   const std::vector<enrollment::Certificate>& came_along = {});

/// A forecast for the next certificate.
struct ChainForecast {
  enum class Outcome {
    trusted,
    by_another,  ///< untrusted if the issuer stays the same; another issuer of the authority is trusted
    untrusted
  };
  Outcome outcome = Outcome::trusted;
  std::string why;  ///< why the present certificate's chain does not verify
};
/// Forecasts from the present certificate, or without one from what the authority publishes.
ChainForecast forecast_chain(const Examination& exam);

}  // namespace koshin::renewal
