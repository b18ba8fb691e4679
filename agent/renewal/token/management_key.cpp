// SPDX-License-Identifier: MIT
#include "renewal/token/management_key.hpp"

#include <algorithm>
#include <charconv>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/piv_administration.hpp"
#include "pkcs11/quirks.hpp"
#include "pkcs11/yubikey.hpp"

namespace koshin::renewal {
namespace {

using messages::ManagementKey;

CardKey unknown(std::string trouble, bool lost) {
  CardKey key;
  key.how = ManagementKey::unknown;
  key.trouble = std::move(trouble);
  key.lost = lost;
  log::info(log::Event::none, "the card's management key: " + key.trouble);
  return key;
}

/// The digits of a YubiKey's serial number; other PIV cards have no number, or one of letters.
bool is_number(const std::string& serial) {
  return !serial.empty() && std::ranges::all_of(serial, [](char c) { return c >= '0' && c <= '9'; });
}

ManagementKey kind_of(const pkcs11::PivAdministration& administration, const pkcs11::PivKeyMetadata& metadata,
                      const pkcs11::LibraryInfo& library) {
  const bool triple_des = metadata.algorithm == 0 || metadata.algorithm == pkcs11::piv_triple_des;
  if (!triple_des && pkcs11::knows_triple_des_alone(library)) return ManagementKey::unusable;
  // Yubico's programs that know both ways keep one key in both, and else remove the salt.
  if (!administration.salt.empty()) return ManagementKey::derived;
  if (administration.key_behind_pin) return ManagementKey::behind_pin;
  return metadata.factory ? ManagementKey::factory : ManagementKey::given;
}

void put(SecureBuffer& buffer, std::span<const char> characters) {
  std::ranges::copy(characters, buffer.writable().begin());
  buffer.resize(characters.size());
}

/// The bytes of a key in hexadecimal digits; empty: these are none.
SecureBuffer bytes_of(std::span<const char> digits) {
  constexpr int base = 16;
  SecureBuffer bytes;
  if (digits.size() % 2 != 0) return bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    unsigned char byte = 0;
    const char* const begin = digits.data() + at;
    if (std::from_chars(begin, begin + 2, byte, base).ptr != begin + 2) return SecureBuffer();
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

}  // namespace

CardKey find_card_key(pkcs11::Module& module, const pkcs11::TokenInfo& token, const TokenProfile& profile) {
  if (profile.key_manager() == KeyManager::user) return {};
  const bool asks = pkcs11::quirks_of_manufacturer(token.identity.manufacturer).officer_by_pin;
  if (!asks || !is_number(token.identity.serial)) return unknown("no YubiKey, and not asked", false);
  std::string reader = module.slot(token.slot).description;
  const auto answer = pkcs11::ask_yubikey(token.identity.serial, reader);
  using Kind = pkcs11::YubikeyAnswer::Kind;
  if (answer.kind != Kind::answered) return unknown(answer.trouble, answer.kind == Kind::lost);
  auto administration = pkcs11::parse_piv_administration(answer.administration);
  const auto metadata = pkcs11::parse_piv_key_metadata(answer.key_metadata);
  CardKey key;
  key.reader = std::move(reader);
  key.how = kind_of(administration, metadata, module.library());
  key.public_one = metadata.factory;
  key.algorithm_number = metadata.algorithm;
  if (metadata.algorithm != 0) key.algorithm = pkcs11::piv_management_algorithm(metadata.algorithm);
  key.salt = std::move(administration.salt);
  return key;
}

KeyManagerSecret secret_of_key_manager(const JobContext& context, const TokenProfile& profile,
                                       const CardKey& key) {
  const SecureBuffer* officers = context.security_officer_pin;
  if (officers != nullptr && !officers->empty()) return KeyManagerSecret::given;
  return profile.key_manager_secret(key.how, context.settings);
}

SecureBuffer computed_card_key(const CardKey& key, KeyManagerSecret secret, const SecureBuffer* pin) {
  SecureBuffer digits;
  if (secret == KeyManagerSecret::factory) {
    put(digits, pkcs11::piv_factory_key);
    return digits;
  }
  const auto room = digits.writable().first<pkcs11::piv_longest_key_digits>();
  const std::size_t size =
      pin == nullptr ? 0
                     : pkcs11::derive_piv_management_key(pin->view(), key.salt, key.algorithm_number, room);
  if (size == 0) fail(Reason::internal_error, "the management key cannot be derived");
  digits.resize(size);
  return digits;
}

void delete_card_key(const JobContext& context, const pkcs11::TokenInfo& token, const CardKey& key,
                     KeyManagerSecret secret, std::uint8_t slot) {
  const std::string spare = "the key in spare slot " + to_hex(pkcs11::Bytes{slot});
  // To fetch it, koshin would have to hold a key that it never sees.
  if (secret == KeyManagerSecret::users_pin) {
    log::info(log::Event::none, spare + " stays: the card keeps its management key behind the PIN");
    return;
  }
  if (key.reader.empty()) return;
  const bool given = secret == KeyManagerSecret::given;
  const SecureBuffer computed = given ? SecureBuffer() : computed_card_key(key, secret, context.pin);
  const SecureBuffer bytes = bytes_of((given ? *context.security_officer_pin : computed).view());
  const std::string why = pkcs11::empty_yubikey_slot(token.identity.serial, key.reader, slot, bytes.view());
  log::info(log::Event::none, spare + (why.empty() ? " was deleted" : " stays: " + why));
}

std::string words_of_refused(KeyManagerSecret secret) {
  switch (secret) {
    case KeyManagerSecret::users_pin:
      return "the card refused its PIN, or the management key that it keeps behind the PIN, or the card "
             "failed";
    case KeyManagerSecret::derived:
      return "the management key that was derived from the PIN is not the card's: the PIN may have been "
             "changed since it was derived, or the card failed";
    case KeyManagerSecret::factory:
      return "the card's management key is not the factory's, or the card failed";
    case KeyManagerSecret::given:
      break;
  }
  return "the security officer's PIN was not accepted, or the token failed";
}

}  // namespace koshin::renewal
