// SPDX-License-Identifier: MIT
// Reading of attestation certificates.
#include "renewal/token/attestation.hpp"

#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "enrollment/x509/certificate.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using messages::KeyPolicies;
using pkcs11::Bytes;
using pkcs11::ByteView;
using pkcs11::ObjectClass;
using pkcs11::TokenObject;

/// 1.3.6.1.4.1.41482.3.8, DER: most certificates are told from an attestation by its absence, unparsed.
constexpr std::array<std::uint8_t, 12> policy_extension{0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04,
                                                        0x01, 0x82, 0xC4, 0x0A, 0x03, 0x08};
constexpr std::string_view subject_beginning = "CN=YubiKey PIV Attestation";

bool equal(ByteView one, ByteView other) {
  return std::ranges::equal(one, other);
}

bool names_the_extension(ByteView der) {
  // Not std::ranges::search: clang 14 cannot read what GCC 12's library makes of it.
  return std::search(der.begin(), der.end(), policy_extension.begin(), policy_extension.end()) != der.end();
}

/// The value of the extension: the PIN policy and the touch policy, one byte each.
std::optional<std::array<std::uint8_t, 2>> policy_bytes(const Certificate& certificate) {
  const unsigned char* cursor = policy_extension.data();
  const enrollment::OpensslHandle<ASN1_OBJECT, ASN1_OBJECT_free> object(
      d2i_ASN1_OBJECT(nullptr, &cursor, policy_extension.size()));
  const int index = X509_get_ext_by_OBJ(certificate.native(), object.get(), -1);
  if (index < 0) return {};
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_get_ext(certificate.native(), index));
  if (ASN1_STRING_length(value) != 2) return {};
  const unsigned char* bytes = ASN1_STRING_get0_data(value);
  return std::array<std::uint8_t, 2>{bytes[0], bytes[1]};
}

std::string word(std::uint8_t number, const std::array<std::string_view, 4>& words) {
  return number < words.size() ? std::string(words.at(number)) : std::string();
}

KeyPolicies policies_of(const std::array<std::uint8_t, 2>& bytes) {
  return {word(bytes[0], {"", "never", "once", "always"}), word(bytes[1], {"", "never", "always", "cached"}),
          false};
}

/// The certificate and its policies; empty for what is no attestation.
std::optional<std::pair<Certificate, KeyPolicies>> read(const TokenObject& object) {
  if (object.object_class != ObjectClass::certificate || !names_the_extension(object.certificate)) return {};
  try {
    auto certificate = Certificate::from_der(object.certificate);
    const auto bytes = policy_bytes(certificate);
    if (!bytes || !certificate.subject().starts_with(subject_beginning)) return {};
    return std::pair(std::move(certificate), policies_of(*bytes));
  } catch (const FailureError&) {  // unreadable, but no attestation
    return {};
  }
}

bool shows_place(const std::vector<TokenObject>& objects, const Bytes& key_id) {
  return std::ranges::any_of(objects, [&](const TokenObject& object) {
    return object.id == key_id && object.object_class != ObjectClass::other;
  });
}

void report_policies_of(messages::CertificateReport& report, const std::vector<TokenObject>& objects,
                        const std::vector<Attestation>& attestations) {
  for (const TokenObject& object : objects) {
    if (object.object_class != ObjectClass::certificate || to_hex(object.id) != report.key_id) continue;
    const Attestation* found = attestation_of(attestations, object.public_key);
    if (found == nullptr || enrollment::sha256_of(ByteView(object.certificate)) != report.sha256) continue;
    report.key_policies = found->policies;
    return;
  }
}

void report_policies_of(messages::KeyReport& report, const std::vector<TokenObject>& objects,
                        const std::vector<Attestation>& attestations) {
  for (const TokenObject& object : objects) {
    if (object.object_class == ObjectClass::certificate || to_hex(object.id) != report.key_id) continue;
    if (const Attestation* found = attestation_of(attestations, object.public_key))
      report.key_policies = found->policies;
  }
}

/// A module may tell a key's public half from the certificate beside it (ykcs11 with a card without GET
/// METADATA), which may be another key's: the token itself knows better.
void correct_keys(std::vector<TokenObject>& objects, const Attestation& attestation) {
  for (TokenObject& object : objects) {
    const bool key =
        object.object_class == ObjectClass::private_key || object.object_class == ObjectClass::public_key;
    if (key && object.id == attestation.key_id) object.public_key = attestation.public_key;
  }
}

}  // namespace

bool is_attestation(const TokenObject& object) {
  return read(object).has_value();
}

std::vector<Attestation> take_attestations(const JobContext& context, std::vector<TokenObject>& objects) {
  std::vector<Attestation> found;
  const bool any = std::ranges::any_of(banks_of(context),
                                       [](const Settings& bank) { return profile_of(bank).attests_keys(); });
  if (!any) return found;
  std::vector<Certificate> certificates;
  std::erase_if(objects, [&](const TokenObject& object) {
    auto one = read(object);
    if (!one) return false;
    found.push_back({object.id, one->first.public_key_der(), std::move(one->second)});
    certificates.push_back(std::move(one->first));
    return true;
  });
  if (found.empty()) return found;
  const Certificates authorities = authorities_among(objects);
  for (std::size_t i = 0; i < found.size(); ++i)
    found[i].policies.attested = std::ranges::any_of(
        authorities, [&](const Certificate& authority) { return authority.has_issued(certificates[i]); });
  for (const Attestation& one : found)
    if (one.policies.attested) correct_keys(objects, one);
  return found;
}

const Attestation* attestation_of(const std::vector<Attestation>& all, ByteView public_key) {
  if (public_key.empty()) return nullptr;
  const auto found =
      std::ranges::find_if(all, [&](const Attestation& one) { return equal(one.public_key, public_key); });
  return found == all.end() ? nullptr : &*found;
}

std::vector<Attestation> hidden_keys(const std::vector<Attestation>& all,
                                     const std::vector<TokenObject>& objects) {
  std::vector<Attestation> hidden = all;
  std::erase_if(hidden, [&](const Attestation& one) { return shows_place(objects, one.key_id); });
  return hidden;
}

void report_attestations(messages::TokenReport& report, const std::vector<TokenObject>& objects,
                         const std::vector<Attestation>& attestations) {
  if (attestations.empty()) return;
  for (auto& certificate : report.certificates) report_policies_of(certificate, objects, attestations);
  for (auto& key : report.keys_without_certificate) report_policies_of(key, objects, attestations);
  for (const Attestation& hidden : hidden_keys(attestations, objects)) {
    messages::KeyReport key;
    key.key_id = to_hex(hidden.key_id);
    key.key_algorithm = key_algorithm_of(hidden.public_key);
    key.is_private = true;
    key.key_policies = hidden.policies;
    report.keys_without_certificate.push_back(std::move(key));
  }
}

}  // namespace koshin::renewal
