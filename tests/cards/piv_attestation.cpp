// SPDX-License-Identifier: MIT
// ATTEST, and the certificates that it answers with.
#include "piv_attestation.hpp"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "foundation/base/text.hpp"
#include "openssl_key.hpp"
#include "piv_applet.hpp"
#include "piv_crypto.hpp"

namespace koshin::cards {
namespace {

constexpr Status cannot_attest = 0x6A80, no_key_to_attest = 0x6A88, unknown_instruction = 0x6D00;
/// The dates of a YubiKey's own attestation certificate, which the slots' take over.
constexpr const char* valid_from = "20160314000000Z";
constexpr const char* valid_until = "20520417000000Z";

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Text = std::unique_ptr<ASN1_OCTET_STRING, Freed<ASN1_OCTET_STRING_free>>;
using Name = std::unique_ptr<ASN1_OBJECT, Freed<ASN1_OBJECT_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

void add(X509* certificate, const char* object, const Bytes& value) {
  const Name name(OBJ_txt2obj(object, 1));
  const Text text(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(text.get(), value.data(), static_cast<int>(value.size()));
  const Extension extension(X509_EXTENSION_create_by_OBJ(nullptr, name.get(), 0, text.get()));
  if (X509_add_ext(certificate, extension.get(), -1) != 1) throw std::runtime_error("no extension");
}

Bytes integer(std::uint32_t number) {
  Bytes value{0x02, 4};
  for (const unsigned shift : {24U, 16U, 8U, 0U}) value.push_back(static_cast<std::uint8_t>(number >> shift));
  return value;
}

void name(X509_NAME* of, const std::string& text) {
  X509_NAME_add_entry_by_txt(of, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text.data()),
                             static_cast<int>(text.size()), -1, 0);
}

Certificate certificate_for(EVP_PKEY* key, const std::string& subject, const std::string& issuer) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  const Bytes serial = random_bytes(4);
  ASN1_INTEGER_set_uint64(
      X509_get_serialNumber(certificate.get()),
      0x01000000U | (std::uint32_t{serial[1]} << 16U) | (std::uint32_t{serial[2]} << 8U) | serial[3]);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), valid_from);
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), valid_until);
  name(X509_get_subject_name(certificate.get()), subject);
  name(X509_get_issuer_name(certificate.get()), issuer);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

Bytes signed_by(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) <= 0) throw std::runtime_error("F9 does not sign");
  return encoded(i2d_X509, certificate);
}

}  // namespace

void make_attesting(CardState& state) {
  state.attestation_key = generate_key(Algorithm::rsa_2048);
  const Key key = key_of(state.attestation_key);
  const Certificate certificate =
      certificate_for(key.get(), "Yubico PIV Attestation", "Yubico PIV Root CA Serial 263751");
  const Extension authority(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "CA:TRUE,pathlen:0"));
  X509_add_ext(certificate.get(), authority.get(), -1);
  state.objects[attestation_object] = certificate_object(signed_by(certificate.get(), key.get()));
}

Bytes attestation_of(const CardState& state, const KeySlot& slot, const std::string& place) {
  const Key key = key_of(slot.private_key);
  const Certificate certificate =
      certificate_for(key.get(), "YubiKey PIV Attestation " + place, "Yubico PIV Attestation");
  add(certificate.get(), "1.3.6.1.4.1.41482.3.3", {5, 4, 3});
  add(certificate.get(), "1.3.6.1.4.1.41482.3.7", integer(state.serial));
  add(certificate.get(), "1.3.6.1.4.1.41482.3.8",
      {static_cast<std::uint8_t>(slot.pin_policy), static_cast<std::uint8_t>(slot.touch_policy)});
  add(certificate.get(), "1.3.6.1.4.1.41482.3.9", {1});
  return signed_by(certificate.get(), key_of(state.attestation_key).get());
}

PivApplet::Answer PivApplet::attest(const Command& command) {
  if (state_.attestation_key.empty()) return {unknown_instruction};
  const auto slot = state_.keys.find(command.p1);
  if (slot == state_.keys.end()) return {no_key_to_attest};
  if (slot->second.imported) return {cannot_attest};
  return {ok, attestation_of(state_, slot->second, to_hex(Bytes{command.p1}))};
}

}  // namespace koshin::cards
