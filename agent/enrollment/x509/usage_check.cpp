// SPDX-License-Identifier: MIT
// No usage may be lost, and no usage may be added beyond logging in.
#include "enrollment/x509/usage_check.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace koshin::enrollment {

namespace {

constexpr std::string_view any_extended_usage = "2.5.29.37.0";
constexpr unsigned of_authorities = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
constexpr unsigned encipherment = KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT;
constexpr unsigned agreement = KU_KEY_AGREEMENT | KU_ENCIPHER_ONLY | KU_DECIPHER_ONLY;

struct UsageWord {
  unsigned bit;
  const char* word;
};
constexpr std::array usage_words{UsageWord{KU_DIGITAL_SIGNATURE, "digitalSignature"},
                                 UsageWord{KU_NON_REPUDIATION, "nonRepudiation"},
                                 UsageWord{KU_KEY_ENCIPHERMENT, "keyEncipherment"},
                                 UsageWord{KU_DATA_ENCIPHERMENT, "dataEncipherment"},
                                 UsageWord{KU_KEY_AGREEMENT, "keyAgreement"},
                                 UsageWord{KU_KEY_CERT_SIGN, "keyCertSign"},
                                 UsageWord{KU_CRL_SIGN, "cRLSign"},
                                 UsageWord{KU_ENCIPHER_ONLY, "encipherOnly"},
                                 UsageWord{KU_DECIPHER_ONLY, "decipherOnly"}};

bool has_extended_usages(const Certificate& certificate) {
  return X509_get_ext_by_NID(certificate.native(), NID_ext_key_usage, -1) >= 0;
}

bool holds(const std::vector<std::string>& usages, std::string_view usage) {
  return std::ranges::find(usages, usage) != usages.end();
}

/// "emailProtection (1.3.6.1.5.5.7.3.4)"
std::string extended_usage_in_words(const std::string& oid) {
  const int nid = OBJ_txt2nid(oid.c_str());
  return nid == NID_undef ? oid : std::string(OBJ_nid2sn(nid)) + " (" + oid + ")";
}

std::string key_usage_trouble(const Certificate& old, const Certificate& issued) {
  const auto before = old.key_usage();
  const auto now = issued.key_usage();
  if (before && !now) return "lacks the key usage extension, and with it every restriction of the old one";
  const unsigned lost = key_usages_that_apply(before.value_or(0), issued.key_algorithm()) & ~now.value_or(0);
  if (lost != 0) return "lacks key usages that the old one has: " + key_usages_in_words(lost);
  const unsigned gained = now.value_or(0) & ~before.value_or(0) & of_authorities;
  if (gained != 0) return "has key usages of an authority: " + key_usages_in_words(gained);
  return {};
}

std::string extended_usage_trouble(const Certificate& old, const Certificate& issued,
                                   const std::vector<std::string>& may_be_added) {
  if (!has_extended_usages(old)) return {};  // unrestricted: every usage in the new one is a restriction
  if (!has_extended_usages(issued))
    return "lacks the extended key usage extension, and with it every restriction of the old one";
  const auto before = old.extended_key_usages();
  const auto now = issued.extended_key_usages();
  for (const auto& usage : before) {
    if (!holds(now, usage))
      return "lacks the extended key usage " + extended_usage_in_words(usage) + " of the old one";
  }
  if (holds(before, any_extended_usage)) return {};
  for (const auto& usage : now) {
    if (!holds(before, usage) && !holds(may_be_added, usage))
      return "has the extended key usage " + extended_usage_in_words(usage) +
             ", which the old one has not and expect.added_extended_usages does not name";
  }
  return {};
}

}  // namespace

std::string key_usages_in_words(unsigned bits) {
  std::string text;
  for (const auto& [bit, word] : usage_words) {
    if ((bits & bit) != 0) text += (text.empty() ? "" : ", ") + std::string(word);
  }
  return text;
}

std::string unknown_critical_extensions(const X509* certificate) {
  std::string all;
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    X509_EXTENSION* extension = X509_get_ext(certificate, i);
    if (X509_EXTENSION_get_critical(extension) == 0 || X509_supported_extension(extension) == 1) continue;
    std::array<char, 128> oid{};
    OBJ_obj2txt(oid.data(), static_cast<int>(oid.size()), X509_EXTENSION_get_object(extension), 1);
    all += (all.empty() ? "" : ", ") + std::string(oid.data());
  }
  return all;
}

unsigned key_usages_that_apply(unsigned bits, const std::string& key_algorithm) {
  if (key_algorithm.starts_with("ec-")) return bits & ~encipherment;
  if (key_algorithm.starts_with("rsa-")) return bits & ~agreement;
  return bits;
}

bool openssl_lets_log_in(const Certificate& certificate) {
  return X509_check_purpose(certificate.native(), X509_PURPOSE_SSL_CLIENT, 0) == 1;
}

std::string usage_trouble(const Certificate& old, const Certificate& issued,
                          const std::vector<std::string>& may_be_added) {
  if (old.for_client_authentication() && !issued.for_client_authentication())
    return "is no longer for client authentication";
  auto trouble = key_usage_trouble(old, issued);
  if (trouble.empty()) trouble = extended_usage_trouble(old, issued, may_be_added);
  if (!trouble.empty() || !openssl_lets_log_in(old) || openssl_lets_log_in(issued)) return trouble;
  const bool by_netscape = X509_get_ext_by_NID(issued.native(), NID_netscape_cert_type, -1) >= 0;
  return std::string("is not for client authentication by OpenSSL's rules, so that servers would refuse it") +
         (by_netscape ? ": its nsCertType (2.16.840.1.113730.1.1) names other uses" : "");
}

}  // namespace koshin::enrollment
