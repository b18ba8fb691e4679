// SPDX-License-Identifier: MIT
#include "piv_pin_only.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include "piv_crypto.hpp"

namespace koshin::cards {
namespace {

constexpr std::uint32_t administration = 0x80, flags = 0x81, salt_of_derivation = 0x82, protected_data = 0x88,
                        protected_key = 0x89;
constexpr std::uint8_t puk_blocked = 0x01, key_is_protected = 0x02;

}  // namespace

void protect_management_key(CardState& state, Algorithm algorithm) {
  state.management_algorithm = algorithm;
  state.management_key = random_bytes(management_key_size(algorithm));
  state.objects[printed_information] = tlv(protected_data, tlv(protected_key, state.management_key));
  state.objects[admin_data] = tlv(administration, tlv(flags, Bytes{puk_blocked | key_is_protected}));
}

void derive_management_key(CardState& state, std::string_view pin) {
  constexpr int rounds = 10'000;
  constexpr std::size_t salt_size = 16;
  const Bytes salt = random_bytes(salt_size);
  state.management_algorithm = Algorithm::triple_des;
  state.management_key.resize(management_key_size(Algorithm::triple_des));
  if (PKCS5_PBKDF2_HMAC(pin.data(), static_cast<int>(pin.size()), salt.data(), static_cast<int>(salt.size()),
                        rounds, EVP_sha1(), static_cast<int>(state.management_key.size()),
                        state.management_key.data()) != 1)
    throw std::runtime_error("OpenSSL derives no key");
  Bytes fields = tlv(flags, Bytes{puk_blocked});
  append(fields, tlv(salt_of_derivation, salt));
  state.objects[admin_data] = tlv(administration, fields);
}

}  // namespace koshin::cards
