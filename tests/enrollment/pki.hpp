// SPDX-License-Identifier: MIT
// Keys and certificates of any shape, made with OpenSSL, for tests.
#pragma once

#include <openssl/x509.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "pkcs11/session.hpp"

namespace koshin::enrollment::test {

using pkcs11::EvpPkey;

EvpPkey make_ec_key(const char* group = "P-256");
EvpPkey make_rsa_key(unsigned bits = 2048);
/// A copy of an EC or RSA key that signs through a method table of its own, as a token's key does. Each
/// signature counts; an RSA key that is not `raw` signs with PKCS#1 padding only, as some tokens do.
EvpPkey make_token_like_key(EVP_PKEY* key, bool raw = true);
/// Signatures made by all such keys so far.
int signature_count();
Bytes public_key(const EVP_PKEY* key);

/// One attribute of a name with its string type (V_ASN1_…) and raw contents.
struct NamePart {
  int nid;
  int type;
  Bytes value;
};
Bytes make_name(const std::vector<NamePart>& parts);
/// O=Sakura Test Bank, OU=Internet Banking CA, CN=… as UTF8String.
Bytes user_name(const std::string& common_name = "12345678901234 user0001");

struct CertificateSpec {
  Bytes subject;
  Bytes public_key;
  std::vector<std::pair<int, std::string>> extensions;  ///< NID and value as in openssl.cnf
  std::optional<Bytes> san_der;                         ///< raw value of the subjectAltName extension
  TimePoint not_before{}, not_after{};
  const EVP_MD* digest = nullptr;                                  ///< of the signature; SHA-256
  std::vector<std::pair<std::string, Bytes>> raw_extensions = {};  ///< OID and value, whatever that is
  long version = X509_VERSION_3;
  long serial = 0;                  ///< 0: the next one
  std::string not_after_text = {};  ///< as it is to stand there, in place of `not_after`
};

/// The time the tests live at, whatever the clock says: 2026-06-01T00:00:00Z.
TimePoint test_now();
/// The clock, for certificates that a TLS handshake looks at.
TimePoint clock_now();

/// A certificate authority in memory.
class Issuer {
 public:
  /// Valid from `around` - 10 years to + 10 years.
  static Issuer make_root(const std::string& common_name, TimePoint around);
  Issuer make_intermediate(const std::string& common_name, TimePoint around,
                           const EVP_MD* digest = nullptr) const;
  /// A user with a certificate, whose key signs certificates all the same.
  Issuer make_user_that_signs(const std::string& common_name, TimePoint around) const;
  /// The same authority, certified by another one: a cross-certificate.
  Certificate certify(const Issuer& other, TimePoint around) const;
  const Certificate& certificate() const { return certificate_; }
  EVP_PKEY* key() const { return key_.get(); }
  Certificate issue(const CertificateSpec& spec) const;

 private:
  Issuer(EvpPkey key, Certificate certificate) : key_(std::move(key)), certificate_(std::move(certificate)) {}
  EvpPkey key_;
  Certificate certificate_;
};

/// What a renewed user certificate looks like: one year from a day before `now`, for client authentication.
CertificateSpec user_spec(const EVP_PKEY* key, TimePoint now);
/// A TLS server's certificate around the clock's time.
CertificateSpec server_spec(const EVP_PKEY* key, const std::string& names);

/// certs-only PKCS#7, DER.
Bytes make_bag(const std::vector<Certificate>& certificates);
void write_pem(const std::filesystem::path& file, const std::vector<Certificate>& certificates);

}  // namespace koshin::enrollment::test
