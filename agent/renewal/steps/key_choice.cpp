// SPDX-License-Identifier: MIT
// Choice of the new key.
#include "renewal/steps/key_choice.hpp"

#include <algorithm>

#include "foundation/failures/failure.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::KeyAlgorithm;

bool can_make(const pkcs11::MechanismSupport& token, KeyAlgorithm algorithm) {
  return std::find(token.can_generate.begin(), token.can_generate.end(), algorithm) !=
         token.can_generate.end();
}

std::string makeable(const pkcs11::MechanismSupport& token) {
  std::string text;
  for (const KeyAlgorithm algorithm : token.can_generate) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(algorithm));
  }
  return text.empty() ? "it makes no keys at all: set renewal.key = \"renew\" to certify the same key again"
                      : "it makes " + text + ": set renewal.key to one of these";
}

/// "rsa-2048 or ec-p256"
std::string wished(const KeyWish& wish) {
  std::string text;
  for (const KeyAlgorithm algorithm : wish.authority)
    text += (text.empty() ? "" : " or ") + std::string(to_string(algorithm));
  return text;
}

KeyChoice keep(const KeyWish& wish) {
  if (!authority_takes(wish, wish.old_algorithm)) {
    fail(Reason::key_algorithm_not_allowed, "the authority asks for a key of type " + wished(wish) +
                                                ", but renewal.key = \"renew\" keeps the " +
                                                wish.old_algorithm + " key");
  }
  return {true, wish.old_algorithm};
}

/// The authority's choice; the old key's type where the authority accepts it.
KeyAlgorithm choose_for_authority(const KeyWish& wish, const pkcs11::MechanismSupport& token) {
  const auto same = pkcs11::parse_key_algorithm(wish.old_algorithm);
  if (same && authority_takes(wish, wish.old_algorithm) && can_make(token, *same)) return *same;
  const auto found =
      std::ranges::find_if(wish.authority, [&](KeyAlgorithm one) { return can_make(token, one); });
  return found != wish.authority.end() ? *found : wish.authority.front();
}

KeyAlgorithm wanted(const KeyWish& wish, const pkcs11::MechanismSupport& token) {
  const auto explicitly = pkcs11::parse_key_algorithm(wish.policy);
  if (explicitly) {
    if (!authority_takes(wish, wish.policy)) {
      fail(Reason::key_algorithm_not_allowed,
           "the authority asks for a key of type " + wished(wish) + ", renewal.key says " + wish.policy);
    }
    return *explicitly;
  }
  if (!wish.authority.empty()) return choose_for_authority(wish, token);
  if (wish.old_algorithm.empty()) {
    return can_make(token, KeyAlgorithm::ec_p256) ? KeyAlgorithm::ec_p256 : KeyAlgorithm::rsa_2048;
  }
  const auto same = pkcs11::parse_key_algorithm(wish.old_algorithm);
  if (!same) {
    fail(Reason::key_algorithm_not_allowed,
         "the old key is of type " + wish.old_algorithm +
             ", which koshin does not make: set renewal.key to another type");
  }
  return *same;
}

}  // namespace

bool authority_takes(const KeyWish& wish, std::string_view algorithm) {
  return wish.authority.empty() ||
         std::ranges::any_of(wish.authority, [&](KeyAlgorithm one) { return to_string(one) == algorithm; });
}

KeyChoice choose_key(const KeyWish& wish, const pkcs11::MechanismSupport& token) {
  if (wish.policy == "renew" && wish.may_keep_key) return keep(wish);
  const KeyAlgorithm algorithm = wanted(wish, token);
  if (!can_make(token, algorithm)) {
    fail(Reason::token_mechanism_unsupported,
         "the token cannot make a key of type " + std::string(to_string(algorithm)) + "; " + makeable(token));
  }
  return {false, std::string(to_string(algorithm))};
}

MemoryNeed memory_need(const KeyChoice& choice, std::size_t old_certificate_size) {
  MemoryNeed need{0, std::max<std::size_t>(old_certificate_size, 600)};
  if (choice.same_key) return need;
  const auto algorithm = pkcs11::parse_key_algorithm(choice.algorithm);
  switch (algorithm.value_or(KeyAlgorithm::ec_p256)) {
    case KeyAlgorithm::ec_p256:
      return {need.private_bytes + 32, need.public_bytes + 65};
    case KeyAlgorithm::ec_p384:
      return {need.private_bytes + 48, need.public_bytes + 97};
    case KeyAlgorithm::ec_p521:
      return {need.private_bytes + 66, need.public_bytes + 133};
    case KeyAlgorithm::rsa_2048:
      return {need.private_bytes + 1150, need.public_bytes + 259};
    case KeyAlgorithm::rsa_3072:
      return {need.private_bytes + 1700, need.public_bytes + 387};
    case KeyAlgorithm::rsa_4096:
      return {need.private_bytes + 2300, need.public_bytes + 515};
  }
  return need;
}

bool tells_of_too_little(const pkcs11::TokenInfo& token, const MemoryNeed& need) {
  return (token.free_private_memory && *token.free_private_memory < need.private_bytes) ||
         (token.free_public_memory && *token.free_public_memory < need.public_bytes);
}

}  // namespace koshin::renewal
