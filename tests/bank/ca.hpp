// SPDX-License-Identifier: MIT
// The bank's certificate authority: a root, an issuing authority below it, and what it signs.
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

/// "ec" (P-256) or "rsa" (2048). Throws std::invalid_argument for anything else.
Key make_key(const std::string& type);
/// A Name from O, OU and CN, in that order, as UTF8String.
Bytes make_name(const std::string& organization, const std::string& unit, const std::string& common_name);

inline constexpr std::time_t day = 86400;
inline constexpr const char* organization = "Sakura Test Bank";
inline constexpr const char* organizational_unit = "Internet Banking CA";

struct CertificateOrder {
  Bytes subject;             ///< Name, DER, copied as it is
  Bytes public_key;          ///< SubjectPublicKeyInfo, DER
  std::optional<Bytes> san;  ///< value of the subjectAltName extension, DER, copied as it is
  std::time_t not_before = 0;
  std::time_t not_after = 0;
  std::string extended_usage = "clientAuth";        ///< as X509V3_EXT_conf_nid reads it
  std::string usage = "critical,digitalSignature";  ///< either may be empty: no such extension
  bool weak = false;                                ///< signed with SHA-1
};

/// The key and certificate of a TLS server, with the chain that it sends.
struct ServerCredential {
  Key key;
  X509Ptr certificate;
};

/// Immutable after loading, so it can be used by several threads.
class CertificateAuthority {
 public:
  /// Makes root and issuing authority in `directory`: anchors.pem (the root), issuing.pem, and their keys
  /// (0600).
  /// `name`: "NAME Root CA" and "NAME User CA" are its authorities.
  static void create(const std::filesystem::path& directory, const std::string& key_type,
                     const std::string& name = "Sakura");
  /// Throws std::runtime_error when `directory` holds no authority.
  explicit CertificateAuthority(const std::filesystem::path& directory);

  X509Ptr issue(const CertificateOrder& order) const;
  /// The same certificate from an authority that has this one's name and another key.
  X509Ptr issue_by_impostor(const CertificateOrder& order) const;
  /// For localhost, 127.0.0.1 and ::1, or for `name` alone when it is not empty.
  ServerCredential make_server(const std::string& key_type, const std::string& name, bool expired,
                               bool cmc_ra) const;
  /// True when this authority's key signed it. Says nothing of dates or revocation.
  bool signed_by_us(X509* certificate) const;
  X509* root() const { return root_.get(); }
  X509* issuing() const { return issuing_.get(); }

 private:
  X509Ptr issue_with(const CertificateOrder& order, EVP_PKEY* key) const;

  X509Ptr root_, issuing_;
  Key issuing_key_;
};

/// Certs-only PKCS#7 (RFC 5652 degenerate SignedData), DER.
Bytes certs_only(const std::vector<X509*>& certificates);
/// `san` as OpenSSL's configuration writes it ("email:user@bank.example"), as an extension value in DER.
Bytes make_san(const std::string& san);

}  // namespace koshin::bank
