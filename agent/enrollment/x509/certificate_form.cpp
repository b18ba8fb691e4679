// SPDX-License-Identifier: MIT
#include "enrollment/x509/certificate_form.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>

namespace koshin::enrollment {

namespace {

/// "X509v3 Subject Alternative Name (2.5.29.17)"
std::string in_words(const ASN1_OBJECT* object) {
  std::array<char, 128> oid{};
  OBJ_obj2txt(oid.data(), static_cast<int>(oid.size()), object, 1);
  const int nid = OBJ_obj2nid(object);
  return nid == NID_undef ? std::string(oid.data()) : std::string(OBJ_nid2ln(nid)) + " (" + oid.data() + ")";
}

bool can_be_read(X509_EXTENSION* extension) {
  const X509V3_EXT_METHOD* method = X509V3_EXT_get(extension);
  if (method == nullptr) return true;  // unknown extensions are not parsed
  void* value = X509V3_EXT_d2i(extension);
  ERR_clear_error();
  if (value == nullptr) return false;
  if (method->it != nullptr) {
    ASN1_item_free(static_cast<ASN1_VALUE*>(value), ASN1_ITEM_ptr(method->it));
  } else {
    method->ext_free(value);
  }
  return true;
}

std::string version_trouble(const X509* certificate) {
  const long version = X509_get_version(certificate);
  if (version < X509_VERSION_1 || version > X509_VERSION_3)
    return "is of version " + std::to_string(version + 1) + ", and there are 1 to 3 only";
  if (version != X509_VERSION_3 && X509_get_ext_count(certificate) > 0)
    return "has extensions, which takes version 3, and says that it is of version " +
           std::to_string(version + 1);
  return {};
}

bool is_of_rfc5280(const ASN1_TIME* time) {
  const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(time)),  // NOLINT
                              static_cast<std::size_t>(ASN1_STRING_length(time)));
  const std::size_t size = ASN1_STRING_type(time) == V_ASN1_UTCTIME
                               ? std::string_view("YYMMDDHHMMSSZ").size()
                               : std::string_view("YYYYMMDDHHMMSSZ").size();
  return text.size() == size && text.ends_with('Z') &&
         text.find_first_not_of("0123456789") == text.size() - 1;
}

}  // namespace

std::string form_trouble(const X509* certificate) {
  if (auto trouble = version_trouble(certificate); !trouble.empty()) return trouble;
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    X509_EXTENSION* extension = X509_get_ext(certificate, i);
    const ASN1_OBJECT* object = X509_EXTENSION_get_object(extension);
    if (X509_get_ext_by_OBJ(certificate, object, i) >= 0)
      return "has the extension " + in_words(object) + " twice, which no certificate may";
    if (!can_be_read(extension)) return "has an extension that cannot be read: " + in_words(object);
  }
  return {};
}

bool has_dates_of_rfc5280(const X509* certificate) {
  return is_of_rfc5280(X509_get0_notBefore(certificate)) && is_of_rfc5280(X509_get0_notAfter(certificate));
}

}  // namespace koshin::enrollment
