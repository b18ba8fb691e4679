// SPDX-License-Identifier: MIT
// What the chain of a certificate from this authority may be made of, and whether the chain of the next one
// will hold, as far as the present one tells.
#pragma once

#include "enrollment/x509/chain.hpp"
#include "renewal/steps/examination.hpp"

namespace koshin::renewal {

/// A chain may end in the administrator's choice, else in what authenticated the authority or the authority
/// itself vouches for (RFC 7030 section 4.1.3). On the way there, anything helps: what the authority
/// publishes, what it showed in the TLS handshake, authorities' certificates on the token, what `came_along`
/// with an answer.
enrollment::ChainParts chain_parts(const Examination& exam,
                                   const std::vector<enrollment::Certificate>& came_along = {});

/// Of the next certificate.
struct ChainForecast {
  enum class Outcome {
    trusted,
    by_another,  ///< not if the issuer stays the same; the authority has another one, which is trusted
    untrusted
  };
  Outcome outcome = Outcome::trusted;
  std::string why;  ///< the present certificate's chain does not hold
};
ChainForecast forecast_chain(const Examination& exam);

}  // namespace koshin::renewal
