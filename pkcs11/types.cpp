// SPDX-License-Identifier: MIT
// The spelling of key algorithms.
#include "pkcs11/types.hpp"

#include <array>
#include <utility>

namespace koshin::pkcs11 {
namespace {

constexpr std::array<std::pair<KeyAlgorithm, std::string_view>, 6> spellings{{
    {KeyAlgorithm::rsa_2048, "rsa-2048"},
    {KeyAlgorithm::rsa_3072, "rsa-3072"},
    {KeyAlgorithm::rsa_4096, "rsa-4096"},
    {KeyAlgorithm::ec_p256, "ec-p256"},
    {KeyAlgorithm::ec_p384, "ec-p384"},
    {KeyAlgorithm::ec_p521, "ec-p521"},
}};

}  // namespace

std::string_view to_string(KeyAlgorithm algorithm) {
  for (const auto& [value, text] : spellings) {
    if (value == algorithm) return text;
  }
  return "unknown";
}

std::optional<KeyAlgorithm> parse_key_algorithm(std::string_view text) {
  for (const auto& [value, spelling] : spellings) {
    if (spelling == text) return value;
  }
  return std::nullopt;
}

}  // namespace koshin::pkcs11
