// SPDX-License-Identifier: MIT
// Parsing of X.509 certificates, DER or PEM.
#include "enrollment/x509/certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <system_error>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin::enrollment {

struct Certificate::Parts {
  Bytes der, subject_der, public_key_der;
  std::optional<Bytes> san_der;
  bool san_critical = false;
  TimePoint not_before{}, not_after{};
  X509Handle x509;
};

namespace {

constexpr std::size_t max_certificate = std::size_t{256} * 1024;

TimePoint to_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    fail(Reason::certificate_unreadable, "a date in the certificate is not a date: " + openssl_errors());
  }
  constexpr int last_year = 9999;  // a zone offset may reach beyond, which RFC 3339 cannot express
  if (parts.tm_year + 1900 < 0 || parts.tm_year + 1900 > last_year)
    fail(Reason::certificate_unreadable, "a date in the certificate is in no year from 0 to 9999");
  using namespace std::chrono;
  const year_month_day day{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                           std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  return sys_days{day} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

std::string to_rfc2253(const X509_NAME* name) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string last_entry(const X509_NAME* name, int nid) {
  int found = -1;
  for (int index = -1; (index = X509_NAME_get_index_by_NID(name, nid, index)) >= 0;) found = index;
  if (found < 0) return {};
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, found)));
  if (size < 0) return {};
  const OpensslHandle<unsigned char, free_openssl_bytes> owner(raw);
  return {raw, raw + size};
}

/// Reads the next certificate of a PEM file; false at the end and for damaged PEM, distinguished by OpenSSL's
/// error queue.
bool read_pem_certificate(BIO* bio, Bytes& der) {
  unsigned char* data = nullptr;
  long length = 0;
  std::array<char, 1> no_password{};  // prevents OpenSSL's prompt on the terminal
  if (PEM_bytes_read_bio(&data, &length, nullptr, PEM_STRING_X509, bio, nullptr, no_password.data()) != 1)
    return false;
  const OpensslHandle<unsigned char, free_openssl_bytes> owner(data);
  der.assign(data, data + length);
  return true;
}

/// Reads a file of anchors and refuses one that other users can write: the file determines trust.
std::string read_anchors(const std::string& path) {
  try {
    auto text = read_guarded_file(path_of(path), Guard::write, largest_anchors_file);
    if (text) return std::move(*text);
    fail(Reason::settings_invalid, path + ": cannot be opened; it should be a PEM file of certificates");
  } catch (const UnsafeFile& error) {
    fail(Reason::settings_unsafe, error.what());
  } catch (const std::length_error&) {
    fail(Reason::settings_invalid, path + ": larger than 1 MiB; name a file with the needed roots only");
  } catch (const std::system_error& error) {
    fail(Reason::settings_invalid, std::string(error.what()) + "; it should be a PEM file of certificates");
  }
}

}  // namespace

std::string sha256_of(ByteView bytes) {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    fail(Reason::internal_error, "SHA-256: " + openssl_errors());
  }
  digest.resize(size);
  return to_hex(digest);
}

std::string sha256_of(std::string_view text) {
  return sha256_of(ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Certificate::Certificate(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

Certificate Certificate::from_der(ByteView der) {
  if (der.empty() || der.size() > max_certificate) {
    fail(Reason::certificate_unreadable, "a certificate of " + std::to_string(der.size()) +
                                             " bytes; expected 1 to " + std::to_string(max_certificate));
  }
  ERR_clear_error();
  auto [parsed, size] = pkcs11::parse_certificate(der);
  if (!parsed || size != der.size())
    fail(Reason::certificate_unreadable, "not a DER certificate: " + openssl_errors());
  return adopt(parsed.release());
}

Certificate Certificate::adopt(X509* parsed) {
  auto parts = std::make_shared<Parts>();
  parts->x509.reset(parsed);
  const X509* x509 = parsed;
  parts->der = to_der(x509, i2d_X509);
  pkcs11::remember_certificate(parsed, parts->der);
  // OpenSSL keeps the encoding of a decoded Name and writes it unchanged.
  parts->subject_der = to_der(X509_get_subject_name(x509), i2d_X509_NAME);
  parts->public_key_der = to_der(X509_get_X509_PUBKEY(x509), i2d_X509_PUBKEY);
  if (const int index = X509_get_ext_by_NID(x509, NID_subject_alt_name, -1); index >= 0) {
    X509_EXTENSION* extension = X509_get_ext(x509, index);
    const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
    const unsigned char* first = ASN1_STRING_get0_data(value);
    parts->san_der.emplace(first, first + ASN1_STRING_length(value));
    parts->san_critical = X509_EXTENSION_get_critical(extension) != 0;
  }
  parts->not_before = to_time(X509_get0_notBefore(x509));
  parts->not_after = to_time(X509_get0_notAfter(x509));
  return Certificate(std::move(parts));
}

std::vector<Certificate> Certificate::from_pem_file(const std::string& path) {
  const std::string text = read_anchors(path);
  ERR_clear_error();
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::vector<Certificate> certificates;
  const auto damaged = [&](const std::string& why) {
    fail(Reason::settings_invalid,
         path + ": certificate number " + std::to_string(certificates.size() + 1) + " is damaged: " + why);
  };
  for (Bytes der; read_pem_certificate(bio.get(), der);) {
    try {
      certificates.push_back(from_der(der));
    } catch (const FailureError& error) {
      damaged(error.failure().detail);
    }
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string errors = openssl_errors();
  if (!at_end) damaged(errors);
  if (certificates.empty())
    fail(Reason::settings_invalid, path + ": holds no PEM certificate (BEGIN CERTIFICATE)");
  return certificates;
}

const Bytes& Certificate::der() const {
  return parts_->der;
}
const Bytes& Certificate::subject_der() const {
  return parts_->subject_der;
}
const std::optional<Bytes>& Certificate::san_der() const {
  return parts_->san_der;
}
std::string Certificate::email() const {
  const auto is_in_address = [](unsigned char c) { return c > 0x20 && c < 0x7f; };
  if (!parts_->san_der) return {};
  const unsigned char* cursor = parts_->san_der->data();
  const OpensslHandle<GENERAL_NAMES, GENERAL_NAMES_free> names(
      d2i_GENERAL_NAMES(nullptr, &cursor, static_cast<long>(parts_->san_der->size())));
  ERR_clear_error();
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_EMAIL) continue;
    const auto* const first = ASN1_STRING_get0_data(name->d.rfc822Name);
    const auto* const end = first + ASN1_STRING_length(name->d.rfc822Name);
    return std::all_of(first, end, is_in_address) ? std::string(first, end) : std::string();
  }
  return {};
}
bool Certificate::san_critical() const {
  return parts_->san_critical;
}
const Bytes& Certificate::public_key_der() const {
  return parts_->public_key_der;
}
std::string Certificate::subject() const {
  return to_rfc2253(X509_get_subject_name(native()));
}
std::string Certificate::issuer() const {
  return to_rfc2253(X509_get_issuer_name(native()));
}

bool Certificate::self_issued() const {
  return X509_NAME_cmp(X509_get_subject_name(native()), X509_get_issuer_name(native())) == 0;
}
TimePoint Certificate::not_before() const {
  return parts_->not_before;
}
TimePoint Certificate::not_after() const {
  return parts_->not_after;
}
X509* Certificate::native() const {
  return parts_->x509.get();
}

std::string Certificate::serial() const {
  const BigNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(native()), nullptr));
  if (!number) return {};
  const std::unique_ptr<char, void (*)(char*)> text(BN_bn2hex(number.get()),
                                                    [](char* p) { OPENSSL_free(p); });
  return text ? text.get() : std::string();
}

std::string Certificate::sha256() const {
  return sha256_of(der());
}

std::string Certificate::organization() const {
  return last_entry(X509_get_subject_name(native()), NID_organizationName);
}
std::string Certificate::organizational_unit() const {
  return last_entry(X509_get_subject_name(native()), NID_organizationalUnitName);
}
std::string Certificate::common_name() const {
  return last_entry(X509_get_subject_name(native()), NID_commonName);
}

std::string Certificate::key_algorithm() const {
  return pkcs11::key_type_name(X509_get0_pubkey(native()));
}

std::optional<unsigned> Certificate::key_usage() const {
  if (X509_get_ext_by_NID(native(), NID_key_usage, -1) < 0) return std::nullopt;
  return static_cast<unsigned>(X509_get_key_usage(native()));
}

std::vector<std::string> Certificate::extended_key_usages() const {
  const UsageStack usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(native(), NID_ext_key_usage, nullptr, nullptr)));
  std::vector<std::string> oids;
  for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
    std::array<char, 128> oid{};
    if (OBJ_obj2txt(oid.data(), oid.size(), sk_ASN1_OBJECT_value(usages.get(), i), 1) > 0)
      oids.emplace_back(oid.data());
  }
  return oids;
}

bool Certificate::has_issued(const Certificate& subject) const {
  if (X509_check_issued(native(), subject.native()) != X509_V_OK) return false;
  EVP_PKEY* key = X509_get0_pubkey(native());
  const bool issued = key != nullptr && X509_verify(subject.native(), key) == 1;
  ERR_clear_error();
  return issued;
}

bool Certificate::for_client_authentication() const {
  // Without Microsoft's smart card logon: TLS servers do not accept a certificate that has this usage alone.
  static constexpr std::array<std::string_view, 2> for_log_in{"1.3.6.1.5.5.7.3.2",  // id-kp-clientAuth
                                                              "2.5.29.37.0"};       // any
  if ((key_usage().value_or(KU_DIGITAL_SIGNATURE) & KU_DIGITAL_SIGNATURE) == 0) return false;
  const auto oids = extended_key_usages();
  return X509_get_ext_by_NID(native(), NID_ext_key_usage, -1) < 0 ||
         std::ranges::any_of(
             oids, [](const auto& oid) { return std::ranges::find(for_log_in, oid) != for_log_in.end(); });
}

std::string common_name_of(ByteView subject_der) {
  const auto name = from_der_exactly<X509Name>(subject_der, d2i_X509_NAME);
  if (!name) fail(Reason::certificate_unreadable, "the subject is not an X.501 name: " + openssl_errors());
  return last_entry(name.get(), NID_commonName);
}

}  // namespace koshin::enrollment
