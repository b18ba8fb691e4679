// SPDX-License-Identifier: MIT
// The owner of a private key without a readable public key: one signature, verified with the public keys of
// the token's certificates.
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <string_view>

#include "pkcs11/credentials.hpp"
#include "pkcs11/parsed_x509.hpp"

namespace koshin::pkcs11 {
namespace {

/// A signature takes two calls and, on a slow card, half a second.
constexpr int most_signatures = 8;
/// The signed text has no meaning outside this test.
constexpr std::string_view trial = "koshin: which certificate does this key belong to?";

using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Empty when the token refuses to sign, for example when the key is of another curve than assumed.
Bytes sign_trial(Session& session, const TokenObject& key, const Bytes& public_key) {
  try {
    const EvpPkey private_key = session.evp_private_key(key, public_key);
    const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const ByteView text = bytes_of(trial);
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, private_key.get()) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, text.data(), text.size()) == 1) {
      Bytes signature(size);
      if (EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()) == 1) {
        signature.resize(size);
        return signature;
      }
    }
  } catch (const std::exception&) {  // a refusal tells nothing about the key
    ERR_clear_error();
  }
  ERR_clear_error();
  session.take_signing_failure();
  return {};
}

bool verifies(const Bytes& signature, const Bytes& public_key) {
  const EvpPkey key = parse_public_key(public_key);
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const ByteView text = bytes_of(trial);
  const bool right =
      key && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
  ERR_clear_error();
  return right;
}

/// The public keys without a known private key, grouped by type.
std::vector<Bytes> wanted_keys(const std::vector<Credential>& groups) {
  std::vector<Bytes> wanted;
  for (const Credential& group : groups) {
    if (group.key_uncertain) wanted.push_back(group.certificate->public_key);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

std::vector<std::uint64_t> blind_keys(const std::vector<Credential>& groups) {
  std::vector<std::uint64_t> handles;
  for (const Credential& group : groups) {
    const bool free = !group.certificate && group.private_key && group.private_key->public_key.empty();
    const bool told = group.public_key && !group.public_key->public_key.empty() && !group.id_mismatch;
    if (free && !told) handles.push_back(group.private_key->handle);
  }
  return handles;
}

/// Tests one private key with one signature for each type of public key that may be its own. Returns false
/// when the key made no signature.
bool ask(Session& session, TokenObject& key, const std::vector<Bytes>& wanted, int& left) {
  bool answered = false;
  std::string last_kind;
  for (const Bytes& candidate : wanted) {
    const std::string kind = key_type_name(parse_public_key(candidate).get());
    if (kind == last_kind || left <= 0) continue;
    last_kind = kind;
    --left;
    const Bytes signature = sign_trial(session, key, candidate);
    if (signature.empty()) continue;
    answered = true;
    const auto own = std::find_if(wanted.begin(), wanted.end(),
                                  [&](const Bytes& public_key) { return verifies(signature, public_key); });
    if (own == wanted.end()) continue;
    key.public_key = *own;
    return true;
  }
  return answered;
}

}  // namespace

bool test_blind_keys(Session& session, std::vector<TokenObject>& objects) {
  const auto groups = match_credentials(objects);
  const auto wanted = wanted_keys(groups);
  if (wanted.empty()) return true;
  int left = most_signatures;
  bool all_asked = true;
  for (const std::uint64_t handle : blind_keys(groups)) {
    const auto key = std::find_if(objects.begin(), objects.end(),
                                  [&](const TokenObject& object) { return object.handle == handle; });
    const bool askable = key->can_sign && !key->always_authenticate && left > 0;
    if (!askable || !ask(session, *key, wanted, left)) all_asked = false;
  }
  return all_asked;
}

}  // namespace koshin::pkcs11
