// SPDX-License-Identifier: MIT
// A token with a certificate on it, and settings that lead to both.
#pragma once

#include <filesystem>
#include <string>

#include "support/soft_hsm.hpp"
#include "support/test_bank.hpp"

namespace koshin::test {

inline constexpr const char* default_user = "12345678901234 user0001";

/// Makes a pair on the token and writes a certificate from the bank that expires in `days_left` days. Returns
/// its DER.
Bytes provision(SoftHsm& hsm, const std::string& token_label, TestBank& bank, pkcs11::KeyAlgorithm algorithm,
                int days_left, const std::string& cn = default_user, const std::string& san = "");

/// The same with a certificate that the bank would not issue so today.
Bytes provision_as(SoftHsm& hsm, const std::string& token_label, TestBank& bank, const TestBank::Order& order,
                   pkcs11::KeyAlgorithm algorithm = pkcs11::KeyAlgorithm::ec_p256, int days_left = 12);

/// Writes so many certificates of other people to the token, without keys, labelled "correspondent".
void provision_others(SoftHsm& hsm, const std::string& token_label, TestBank& bank, int count);

/// Writes koshin.toml into `directory`: the SoftHSM module, the bank's URL and anchors, its log-in page as
/// prove_url, no trial object. `extra` is appended: dotted keys ("authority.attempts = 1"), then tables of
/// its own. A dotted key in `extra` replaces the one that would have been written. Returns the file's path.
std::filesystem::path write_settings(const std::filesystem::path& directory, const TestBank& bank,
                                     const std::string& extra = "");
/// A [[bank]] of a settings file: this stand-in bank with its log-in page as prove_url, and of the
/// certificates those whose issuer's name fits the pattern. Further tables of the bank may follow it.
std::string bank_section(const std::string& name, const TestBank& bank, const std::string& issuer_pattern);
/// Writes koshin.toml into `directory`: the SoftHSM module, `keys` (dotted keys), and then `sections`.
std::filesystem::path write_settings_of_banks(const std::filesystem::path& directory, const std::string& keys,
                                              const std::string& sections);

}  // namespace koshin::test
