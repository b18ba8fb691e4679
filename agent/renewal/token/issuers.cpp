// SPDX-License-Identifier: MIT
#include "renewal/token/issuers.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/base/text.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using enrollment::OpensslHandle;

constexpr std::string_view key_prefix = "key:", name_prefix = "name:";

std::string hex_of(const ASN1_STRING* string) {
  if (string == nullptr) return {};
  return to_hex({ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))});
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Lower case, without leading, trailing and repeated blanks.
std::string folded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_blank(c)) {
      if (!result.empty() && result.back() != ' ') result += ' ';
    } else {
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

std::string comparable(const X509_NAME_ENTRY* entry) {
  std::array<char, 128> oid{};
  OBJ_obj2txt(oid.data(), oid.size(), X509_NAME_ENTRY_get_object(entry), 1);
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, value);
  const OpensslHandle<unsigned char, enrollment::free_openssl_bytes> owner(raw);
  const std::string text = size < 0
                               ? "#" + hex_of(value)
                               : folded({reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size)});
  return std::string(oid.data()) + "=" + std::to_string(text.size()) + ":" + text;
}

/// One text for all equivalent encodings of a name (RFC 5280 section 7.1).
std::string comparable(const X509_NAME* name) {
  std::string result;
  std::vector<std::string> together;  // the attributes of one RDN, whose order is insignificant
  int part = -1;
  const auto finish_part = [&] {
    std::sort(together.begin(), together.end());
    for (const std::string& attribute : together) result += attribute + "+";
    if (!together.empty()) result += ",";
    together.clear();
  };
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    if (X509_NAME_ENTRY_set(entry) != part) finish_part();
    part = X509_NAME_ENTRY_set(entry);
    together.push_back(comparable(entry));
  }
  finish_part();
  return result;
}

/// The key identifier of an authority, as AuthorityKeyIdentifier of its certificates names it: its
/// SubjectKeyIdentifier, else method 1 of RFC 5280 section 4.2.1.2.
std::string own_key_of(const Certificate& authority) {
  if (const ASN1_OCTET_STRING* named = X509_get0_subject_key_id(authority.native())) {
    return std::string(key_prefix) + hex_of(named);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_pubkey_digest(authority.native(), EVP_sha1(), digest.data(), &size);
  return std::string(key_prefix) + to_hex({digest.data(), size});
}

std::string by_name(const Certificate& certificate) {
  const std::string name = comparable(X509_get_issuer_name(certificate.native()));
  const ASN1_INTEGER* serial = X509_get0_authority_serial(certificate.native());
  return std::string(name_prefix) + enrollment::sha256_of(name) +
         (serial == nullptr ? "" : ":" + hex_of(serial));
}

/// Keys connected by verified signatures, regardless of direction.
class Links {
 public:
  void add(const std::string& one, const std::string& other) { next_[root(one)] = root(other); }
  std::string root(std::string key) const {
    for (auto row = next_.find(key); row != next_.end() && row->second != key; row = next_.find(key))
      key = row->second;
    return key;
  }

 private:
  std::map<std::string, std::string> next_;
};

}  // namespace

std::string issuer_key_of(const Certificate& certificate, const Certificates& authorities) {
  if (const ASN1_OCTET_STRING* named = X509_get0_authority_key_id(certificate.native());
      named != nullptr && ASN1_STRING_length(named) > 0) {
    return std::string(key_prefix) + hex_of(named);
  }
  for (const Certificate& authority : authorities) {
    if (authority.has_issued(certificate)) return own_key_of(authority);
  }
  return by_name(certificate);
}

std::map<std::string, std::string> joined_issuers(const Certificates& anchors,
                                                  const Certificates& authorities) {
  Certificates all = anchors;
  all.insert(all.end(), authorities.begin(), authorities.end());
  Links links;
  for (const Certificate& certificate : all) {
    for (const Certificate& issuer : all) {
      if (own_key_of(issuer) != own_key_of(certificate) && issuer.has_issued(certificate))
        links.add(own_key_of(certificate), own_key_of(issuer));
    }
  }
  std::map<std::string, std::string> joined;
  for (const Certificate& certificate : all) {
    const std::string key = own_key_of(certificate), root = links.root(key);
    const bool vouched_for = std::any_of(anchors.begin(), anchors.end(), [&](const Certificate& anchor) {
      return links.root(own_key_of(anchor)) == root;
    });
    if (vouched_for) joined[key] = root;
  }
  return joined;
}

pkcs11::ByteView issuer_name_of(const Certificate& certificate) {
  const unsigned char* der = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(X509_get_issuer_name(certificate.native()), &der, &size) != 1) return {};
  return {der, size};
}

std::string holder_of(const Certificate& certificate) {
  std::string text = comparable(X509_get_subject_name(certificate.native()));
  if (const auto& san = certificate.san_der()) text += "\n" + to_hex(*san);
  return enrollment::sha256_of(text);
}

}  // namespace koshin::renewal
