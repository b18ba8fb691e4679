// SPDX-License-Identifier: MIT
// Tokens with any contents, made from a seed: a model that is small enough to be understood when a property
// does not hold, and to be made smaller until nothing can be left out. The same model becomes a report
// (here) or objects on a SoftHSM token (real_tokens_test.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::test {

struct GeneratedCertificate {
  messages::Purpose purpose = messages::Purpose::log_in;
  int holder = 0, issuer = 0;    ///< which of a few
  int begins = -300, ends = 65;  ///< days from now
  bool key_present = true;
  bool key_public = true;  ///< the public key object is there
  bool hidden = false;     ///< CKA_PRIVATE: shows only with the PIN
  bool twice = false;      ///< stored a second time
  bool signs = false;      ///< contentCommitment without ExtendedKeyUsage
};

struct GeneratedToken {
  std::vector<GeneratedCertificate> certificates;
  /// Indices of old and new certificate, and the state of the record that names them.
  struct Recorded {
    std::size_t old_one, new_one;
    renewal::State state;
  };
  std::vector<Recorded> records;
  int lone_keys = 0;                  ///< whole pairs that no certificate belongs to
  bool remembered = false;            ///< the journal knows that a certificate of ours was here
  bool expects_first_holder = false;  ///< settings.expect names holder 0
  bool knows_authority = false;       ///< issuer 0 is known to be the configured authority
};

/// Few of everything, so that coincidences happen.
GeneratedToken generate_token(std::mt19937& random);
/// Every token that is this one with one thing left out or made simpler, the boldest first.
std::vector<GeneratedToken> smaller_tokens(const GeneratedToken& token);
/// As a test's message.
std::string describe(const GeneratedToken& token);

/// "cert-2": stands for the fingerprint of a certificate in a report.
std::string fingerprint(std::size_t index);
/// What the worker would report, with or without the PIN, with its stock taken.
messages::TokenReport report_of(const GeneratedToken& token, bool with_pin, TimePoint now);
Settings settings_for(const GeneratedToken& token);
/// The user's common name, by holder.
std::string common_name_of(int holder);

/// KOSHIN_SEED, or a seed that is the same each time.
std::uint32_t seed_of_this_run();

}  // namespace koshin::test
