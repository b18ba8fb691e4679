// SPDX-License-Identifier: MIT
// Making keys and certificates.
#include "pki.hpp"
#include "foundation/base/clock.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace koshin::enrollment::test {

namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + ": " + openssl_errors());
}

/// By days from 1970, which OpenSSL counts itself: the C library of Windows has no time after the year 3000.
void set_time(ASN1_TIME* time, TimePoint value) {
  const auto day = std::chrono::floor<std::chrono::days>(value);
  require(ASN1_TIME_adj(time, 0, static_cast<int>(day.time_since_epoch().count()),
                        static_cast<long>((value - day).count())) != nullptr,
          "date");
}

void add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [nid, value] : spec.extensions) {
    const X509Extension extension(X509V3_EXT_nconf_nid(nullptr, &context, nid, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
  }
  for (const auto& [oid, value] : spec.raw_extensions) {
    const OpensslHandle<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(oid.c_str(), 1));
    const OctetString octets(ASN1_OCTET_STRING_new());
    ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size()));
    const X509Extension extension(X509_EXTENSION_create_by_OBJ(nullptr, object.get(), 0, octets.get()));
    require(X509_add_ext(certificate, extension.get(), -1) == 1, oid.c_str());
  }
  if (!spec.san_der) return;
  const OctetString octets(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(octets.get(), spec.san_der->data(), static_cast<int>(spec.san_der->size()));
  const X509Extension extension(X509_EXTENSION_create_by_NID(nullptr, NID_subject_alt_name, 0, octets.get()));
  require(X509_add_ext(certificate, extension.get(), -1) == 1, "subjectAltName");
}

Certificate sign(const CertificateSpec& spec, const X509_NAME* issuer_name, X509* issuer,
                 EVP_PKEY* issuer_key) {
  static int serial = 0x1000;
  const X509Handle certificate(X509_new());
  X509_set_version(certificate.get(), spec.version);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), spec.serial != 0 ? spec.serial : ++serial);
  const auto subject = from_der_exactly<X509Name>(spec.subject, d2i_X509_NAME);
  const auto key = from_der_exactly<EvpPkey>(spec.public_key, d2i_PUBKEY);
  require(subject && key, "specification");
  X509_set_subject_name(certificate.get(), subject.get());
  X509_set_issuer_name(certificate.get(), issuer_name != nullptr ? issuer_name : subject.get());
  set_time(X509_getm_notBefore(certificate.get()), spec.not_before);
  set_time(X509_getm_notAfter(certificate.get()), spec.not_after);
  if (!spec.not_after_text.empty())
    ASN1_STRING_set(X509_getm_notAfter(certificate.get()), spec.not_after_text.data(),
                    static_cast<int>(spec.not_after_text.size()));
  X509_set_pubkey(certificate.get(), key.get());
  add_extensions(certificate.get(), issuer != nullptr ? issuer : certificate.get(), spec);
  require(X509_sign(certificate.get(), issuer_key, spec.digest != nullptr ? spec.digest : EVP_sha256()) > 0,
          "signature");
  return Certificate::from_der(to_der(certificate.get(), i2d_X509));
}

CertificateSpec authority_spec(const std::string& common_name, const EVP_PKEY* key, TimePoint around) {
  const Bytes name(common_name.begin(), common_name.end());
  return {.subject = make_name({{NID_organizationName, V_ASN1_UTF8STRING, {'T', 'e', 's', 't'}},
                                {NID_commonName, V_ASN1_UTF8STRING, name}}),
          .public_key = public_key(key),
          .extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"}},
          .san_der = {},
          .not_before = around - std::chrono::days(3650),
          .not_after = around + std::chrono::days(3650)};
}

}  // namespace

EvpPkey make_ec_key(const char* group) {
  EvpPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", group));
  require(key != nullptr, group);
  return key;
}

EvpPkey make_rsa_key(unsigned bits) {
  EvpPkey key(EVP_RSA_gen(bits));
  require(key != nullptr, "RSA key");
  return key;
}

Bytes public_key(const EVP_PKEY* key) {
  return to_der(key, i2d_PUBKEY);
}

Bytes make_name(const std::vector<NamePart>& parts) {
  const X509Name name(X509_NAME_new());
  for (const auto& part : parts) {
    require(X509_NAME_add_entry_by_NID(name.get(), part.nid, part.type, part.value.data(),
                                       static_cast<int>(part.value.size()), -1, 0) == 1,
            "name");
  }
  return to_der(name.get(), i2d_X509_NAME);
}

Bytes user_name(const std::string& common_name) {
  const auto text = [](std::string_view value) { return Bytes(value.begin(), value.end()); };
  return make_name({{NID_organizationName, V_ASN1_UTF8STRING, text("Sakura Test Bank")},
                    {NID_organizationalUnitName, V_ASN1_UTF8STRING, text("Internet Banking CA")},
                    {NID_commonName, V_ASN1_UTF8STRING, text(common_name)}});
}

TimePoint test_now() {
  return *parse_rfc3339("2026-06-01T00:00:00Z");
}
TimePoint clock_now() {
  return current_time();
}

Issuer Issuer::make_root(const std::string& common_name, TimePoint around) {
  EvpPkey key = make_ec_key();
  Certificate certificate = sign(authority_spec(common_name, key.get(), around), nullptr, nullptr, key.get());
  return {std::move(key), std::move(certificate)};
}

Issuer Issuer::make_intermediate(const std::string& common_name, TimePoint around,
                                 const EVP_MD* digest) const {
  EvpPkey key = make_ec_key();
  auto spec = authority_spec(common_name, key.get(), around);
  spec.digest = digest;
  Certificate certificate = issue(spec);
  return {std::move(key), std::move(certificate)};
}

Issuer Issuer::make_user_that_signs(const std::string& common_name, TimePoint around) const {
  EvpPkey key = make_ec_key();
  auto spec = user_spec(key.get(), around);
  spec.subject = user_name(common_name);
  Certificate certificate = issue(spec);
  return {std::move(key), std::move(certificate)};
}

Certificate Issuer::certify(const Issuer& other, TimePoint around) const {
  auto spec = authority_spec("", other.key_.get(), around);
  spec.subject = other.certificate_.subject_der();
  return issue(spec);
}

Certificate Issuer::issue(const CertificateSpec& spec) const {
  return sign(spec, X509_get_subject_name(certificate_.native()), certificate_.native(), key_.get());
}

CertificateSpec user_spec(const EVP_PKEY* key, TimePoint now) {
  return {.subject = user_name(),
          .public_key = public_key(key),
          .extensions = {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "clientAuth"}},
          .san_der = {},
          .not_before = now - std::chrono::days(1),
          .not_after = now + std::chrono::days(365)};
}

CertificateSpec server_spec(const EVP_PKEY* key, const std::string& names) {
  CertificateSpec spec = user_spec(key, clock_now());
  spec.subject = make_name({{NID_commonName, V_ASN1_UTF8STRING, {'s', 'e', 'r', 'v', 'e', 'r'}}});
  spec.extensions = {{NID_key_usage, "critical,digitalSignature,keyEncipherment"},
                     {NID_ext_key_usage, "serverAuth"},
                     {NID_subject_alt_name, names}};
  return spec;
}

Bytes make_bag(const std::vector<Certificate>& certificates) {
  const OpensslHandle<PKCS7, PKCS7_free> bag(PKCS7_new());
  PKCS7_set_type(bag.get(), NID_pkcs7_signed);
  PKCS7_content_new(bag.get(), NID_pkcs7_data);
  PKCS7_set_detached(bag.get(), 1);
  for (const auto& certificate : certificates) PKCS7_add_certificate(bag.get(), certificate.native());
  return to_der(bag.get(), i2d_PKCS7);
}

void write_pem(const std::filesystem::path& file, const std::vector<Certificate>& certificates) {
  const Bio bio(BIO_new_file(file.string().c_str(), "w"));
  require(bio != nullptr, file.string().c_str());
  for (const auto& certificate : certificates) PEM_write_bio_X509(bio.get(), certificate.native());
}

}  // namespace koshin::enrollment::test
