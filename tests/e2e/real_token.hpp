// SPDX-License-Identifier: MIT
// The generator's tokens made real, on SoftHSM.
#pragma once

#include <string>
#include <vector>

#include "enrollment/pki.hpp"
#include "renewal/generated_token.hpp"
#include "support/provisioning.hpp"

namespace koshin::test {

/// A model, and what it has become.
struct RealToken {
  GeneratedToken model;
  std::string label;
  std::vector<Bytes> certificates;  ///< DER, by the model's index
};

/// The bank issues its customers' log-in certificates; two authorities of others issue the rest.
class TokenMaker {
 public:
  explicit TokenMaker(TestBank& bank);
  /// Initialises a token and puts on it what the model says, under the default PIN.
  RealToken realize(const GeneratedToken& model, const std::string& label, SoftHsm& hsm);

 private:
  Bytes issue(const GeneratedCertificate& from, const EVP_PKEY* key, std::size_t index);

  TestBank& bank_;
  enrollment::test::Issuer other_, third_;
};

}  // namespace koshin::test
