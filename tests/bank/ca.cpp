// SPDX-License-Identifier: MIT
// Certificates made and signed with OpenSSL.
#include "bank/ca.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <fstream>
#include <stdexcept>

namespace koshin::bank {
namespace {

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  check(extension != nullptr, "make certificate extension");
  check(X509_add_ext(certificate, extension.get(), -1) == 1, "add certificate extension");
}

void add_raw_extension(X509* certificate, int nid, const Bytes& value) {
  const std::unique_ptr<ASN1_OCTET_STRING, Releaser<ASN1_OCTET_STRING_free>> octets(ASN1_OCTET_STRING_new());
  check(ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size())) == 1,
        "copy extension");
  const ExtensionPtr extension(X509_EXTENSION_create_by_NID(nullptr, nid, 0, octets.get()));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add certificate extension");
}

void set_name(X509* certificate, const Bytes& der) {
  const unsigned char* cursor = der.data();
  const X509NamePtr name(d2i_X509_NAME(nullptr, &cursor, static_cast<long>(der.size())));
  check(name && X509_set_subject_name(certificate, name.get()) == 1, "set subject");
}

/// By days from 1970, which OpenSSL counts itself: the C library of Windows has no time after the year 3000.
void set_time(ASN1_TIME* time, std::time_t value) {
  check(ASN1_TIME_adj(time, 0, static_cast<int>(value / day), static_cast<long>(value % day)) != nullptr,
        "set a date");
}

/// Version, a random serial number of 127 bits, dates.
X509Ptr new_certificate(std::time_t not_before, std::time_t not_after) {
  X509Ptr certificate(X509_new());
  check(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "make certificate");
  Bytes serial(16);
  check(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "make serial number");
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);
  const BignumPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  check(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr,
        "set serial number");
  set_time(X509_getm_notBefore(certificate.get()), not_before);
  set_time(X509_getm_notAfter(certificate.get()), not_after);
  return certificate;
}

X509Ptr make_authority(const std::string& unit, const std::string& name, EVP_PKEY* key, X509* issuer,
                       EVP_PKEY* issuer_key) {
  const auto now = std::time(nullptr);
  auto certificate = new_certificate(now - 2000 * day, now + 3650 * day);
  set_name(certificate.get(),
           make_name(organization, unit, name + (issuer == nullptr ? " Root CA" : " User CA")));
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1, "set issuer");
  check(X509_set_pubkey(certificate.get(), key) == 1, "set public key");
  add_extension(certificate.get(), signer, NID_basic_constraints,
                issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:TRUE,pathlen:0");
  add_extension(certificate.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate.get(), signer, NID_subject_key_identifier, "hash");
  if (issuer != nullptr)
    add_extension(certificate.get(), signer, NID_authority_key_identifier, "keyid:always");
  check(X509_sign(certificate.get(), issuer_key, EVP_sha256()) > 0, "sign authority");
  return certificate;
}

void save_key(const std::filesystem::path& file, EVP_PKEY* key) {
  const BioPtr out(BIO_new_file(file.string().c_str(), "w"));
  check(out && PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write key");
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void save_certificate(const std::filesystem::path& file, X509* certificate) {
  const BioPtr out(BIO_new_file(file.string().c_str(), "w"));
  check(out && PEM_write_bio_X509(out.get(), certificate) == 1, "write certificate");
}

X509Ptr load_certificate(const std::filesystem::path& file) {
  const BioPtr in(BIO_new_file(file.string().c_str(), "r"));
  X509Ptr certificate(in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!certificate)
    throw std::runtime_error("no certificate in " + file.string() + ": run koshin-bank init first");
  return certificate;
}

}  // namespace

Key make_key(const std::string& type) {
  Key key;
  if (type == "ec") {
    key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));  // EVP_EC_gen casts const away
  } else if (type == "rsa") {
    key.reset(EVP_RSA_gen(2048));
  } else {
    throw std::invalid_argument("key type must be ec or rsa, not \"" + type + "\"");
  }
  check(key != nullptr, "make key");
  return key;
}

Bytes make_name(const std::string& organization_name, const std::string& unit,
                const std::string& common_name) {
  const X509NamePtr name(X509_NAME_new());
  const auto add = [&](int nid, const std::string& text) {
    check(X509_NAME_add_entry_by_NID(name.get(), nid, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()), -1, 0) == 1,
          "build name");
  };
  add(NID_organizationName, organization_name);
  add(NID_organizationalUnitName, unit);
  add(NID_commonName, common_name);
  return to_der(name.get(), i2d_X509_NAME);
}

void CertificateAuthority::create(const std::filesystem::path& directory, const std::string& key_type,
                                  const std::string& name) {
  std::filesystem::create_directories(directory);
  const auto root_key = make_key(key_type);
  const auto issuing_key = make_key(key_type);
  const auto root = make_authority("Root", name, root_key.get(), nullptr, root_key.get());
  const auto issuing =
      make_authority(organizational_unit, name, issuing_key.get(), root.get(), root_key.get());
  save_key(directory / "issuing.key", issuing_key.get());
  save_certificate(directory / "issuing.pem", issuing.get());
  save_certificate(directory / "anchors.pem", root.get());
}

CertificateAuthority::CertificateAuthority(const std::filesystem::path& directory)
    : root_(load_certificate(directory / "anchors.pem")),
      issuing_(load_certificate(directory / "issuing.pem")) {
  const BioPtr in(BIO_new_file((directory / "issuing.key").string().c_str(), "r"));
  issuing_key_.reset(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
  check(issuing_key_ != nullptr, "read the issuing key");
}

namespace {

using PublicKeyPtr = std::unique_ptr<X509_PUBKEY, Releaser<X509_PUBKEY_free>>;

/// Straight into its place: OpenSSL would encode a key and parse it again. What cannot be parsed is found out
/// before, since a failure would free the place within the certificate.
void set_public_key(X509* certificate, const std::vector<unsigned char>& info) {
  const auto size = static_cast<long>(info.size());
  const unsigned char* cursor = info.data();
  const PublicKeyPtr parsed(d2i_X509_PUBKEY(nullptr, &cursor, size));
  check(parsed != nullptr && X509_PUBKEY_get0(parsed.get()) != nullptr, "read the public key");
  X509_PUBKEY* place = X509_get_X509_PUBKEY(certificate);
  cursor = info.data();
  check(d2i_X509_PUBKEY(&place, &cursor, size) != nullptr, "set public key");
}

}  // namespace

X509Ptr CertificateAuthority::issue_with(const CertificateOrder& order, EVP_PKEY* key) const {
  auto certificate = new_certificate(order.not_before, order.not_after);
  set_name(certificate.get(), order.subject);
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuing_.get())) == 1, "set issuer");
  set_public_key(certificate.get(), order.public_key);
  add_extension(certificate.get(), issuing_.get(), NID_basic_constraints, "critical,CA:FALSE");
  if (!order.usage.empty()) add_extension(certificate.get(), issuing_.get(), NID_key_usage, order.usage);
  if (!order.extended_usage.empty())
    add_extension(certificate.get(), issuing_.get(), NID_ext_key_usage, order.extended_usage);
  add_extension(certificate.get(), issuing_.get(), NID_subject_key_identifier, "hash");
  add_extension(certificate.get(), issuing_.get(), NID_authority_key_identifier, "keyid:always");
  if (order.san) add_raw_extension(certificate.get(), NID_subject_alt_name, *order.san);
  check(X509_sign(certificate.get(), key, order.weak ? EVP_sha1() : EVP_sha256()) > 0, "sign certificate");
  return certificate;
}

X509Ptr CertificateAuthority::issue(const CertificateOrder& order) const {
  return issue_with(order, issuing_key_.get());
}

X509Ptr CertificateAuthority::issue_by_impostor(const CertificateOrder& order) const {
  return issue_with(order, make_key("ec").get());
}

ServerCredential CertificateAuthority::make_server(const std::string& key_type, const std::string& name,
                                                   bool expired, bool cmc_ra) const {
  ServerCredential server;
  server.key = make_key(key_type);
  const auto now = std::time(nullptr);
  CertificateOrder order;
  order.subject = make_name(organization, "Web", name.empty() ? "localhost" : name);
  order.public_key = to_der(server.key.get(), i2d_PUBKEY);
  order.san = make_san(name.empty() ? "DNS:localhost,IP:127.0.0.1,IP:::1" : "DNS:" + name);
  order.not_before = now - 90 * day;
  order.not_after = expired ? now - day : now + 90 * day;
  order.extended_usage = cmc_ra ? "serverAuth,cmcRA" : "serverAuth";
  order.usage = "critical,digitalSignature,keyEncipherment";
  server.certificate = issue(order);
  return server;
}

bool CertificateAuthority::signed_by_us(X509* certificate) const {
  return X509_verify(certificate, issuing_key_.get()) == 1;
}

Bytes certs_only(const std::vector<X509*>& certificates) {
  const Pkcs7Ptr bundle(PKCS7_new());
  check(bundle && PKCS7_set_type(bundle.get(), NID_pkcs7_signed) == 1 &&
            PKCS7_content_new(bundle.get(), NID_pkcs7_data) == 1 && PKCS7_set_detached(bundle.get(), 1) == 1,
        "make PKCS#7");
  for (X509* certificate : certificates) {
    check(PKCS7_add_certificate(bundle.get(), certificate) == 1, "add certificate to PKCS#7");
  }
  return to_der(bundle.get(), i2d_PKCS7);
}

Bytes make_san(const std::string& san) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, san.c_str()));
  check(extension != nullptr, "read subjectAltName");
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension.get());
  return Bytes(ASN1_STRING_get0_data(value), ASN1_STRING_get0_data(value) + ASN1_STRING_length(value));
}

}  // namespace koshin::bank
