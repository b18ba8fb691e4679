// SPDX-License-Identifier: MIT
#include "windows/user_store_windows.hpp"

#include <windows.h>

#include <wincrypt.h>

#include <array>
#include <memory>

#include "foundation/system/wide_text_windows.hpp"

namespace koshin::test {
namespace {

struct CloseStore {
  void operator()(void* store) const { CertCloseStore(store, 0); }
};
using Store = std::unique_ptr<void, CloseStore>;
struct FreeCertificate {
  void operator()(const CERT_CONTEXT* certificate) const { CertFreeCertificateContext(certificate); }
};
using Context = std::unique_ptr<const CERT_CONTEXT, FreeCertificate>;

using Bytes = std::vector<std::uint8_t>;

/// What lies in the registry, where Windows keeps it: wine does not write back what was deleted from the
/// collection that CERT_STORE_PROV_SYSTEM makes of it.
Store open() {
  Store store(CertOpenStore(CERT_STORE_PROV_SYSTEM_REGISTRY_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"MY"));
  if (!store) throw_last_error("CertOpenStore");
  return store;
}

Bytes encoded(const char* type, const void* value) {
  DWORD size = 0;
  if (CryptEncodeObject(X509_ASN_ENCODING, type, value, nullptr, &size) == 0)
    throw_last_error("CryptEncodeObject");
  Bytes der(size);
  if (CryptEncodeObject(X509_ASN_ENCODING, type, value, der.data(), &size) == 0)
    throw_last_error("CryptEncodeObject");
  der.resize(size);
  return der;
}

Bytes name_of(const wchar_t* words) {
  DWORD size = 0;
  if (CertStrToNameW(X509_ASN_ENCODING, words, CERT_X500_NAME_STR, nullptr, nullptr, &size, nullptr) == 0)
    throw_last_error("CertStrToName");
  Bytes der(size);
  if (CertStrToNameW(X509_ASN_ENCODING, words, CERT_X500_NAME_STR, nullptr, der.data(), &size, nullptr) == 0)
    throw_last_error("CertStrToName");
  return der;
}

FILETIME begin_of(int year) {
  SYSTEMTIME time{};
  time.wYear = static_cast<WORD>(year);
  time.wMonth = time.wDay = 1;
  FILETIME result{};
  if (SystemTimeToFileTime(&time, &result) == 0) throw_last_error("SystemTimeToFileTime");
  return result;
}

/// With a signature of nothing.
Bytes certificate_of(CERT_INFO info) {
  Bytes to_be_signed = encoded(X509_CERT_TO_BE_SIGNED, &info);
  std::array<BYTE, 8> nothing{};
  CERT_SIGNED_CONTENT_INFO whole{};
  whole.ToBeSigned = {static_cast<DWORD>(to_be_signed.size()), to_be_signed.data()};
  whole.SignatureAlgorithm = info.SignatureAlgorithm;
  whole.Signature = {static_cast<DWORD>(nothing.size()), nothing.data(), 0};
  return encoded(X509_CERT, &whole);
}

}  // namespace

void add_to_user_store(std::span<const std::uint8_t> der) {
  if (CertAddEncodedCertificateToStore(open().get(), X509_ASN_ENCODING, der.data(),
                                       static_cast<DWORD>(der.size()), CERT_STORE_ADD_REPLACE_EXISTING,
                                       nullptr) == 0)
    throw_last_error("CertAddEncodedCertificateToStore");
}

void remove_from_user_store(std::span<const std::uint8_t> der) {
  const Context wanted(
      CertCreateCertificateContext(X509_ASN_ENCODING, der.data(), static_cast<DWORD>(der.size())));
  if (!wanted) throw_last_error("CertCreateCertificateContext");
  const Store store = open();
  while (const CERT_CONTEXT* const found = CertFindCertificateInStore(
             store.get(), X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, wanted.get(), nullptr))
    if (CertDeleteCertificateFromStore(found) == 0) throw_last_error("CertDeleteCertificateFromStore");
}

std::vector<std::uint8_t> made_up_certificate(const wchar_t* subject, const wchar_t* issuer,
                                              std::uint8_t serial, int from_year, int until_year) {
  Bytes subject_name = name_of(subject), issuer_name = name_of(issuer);
  std::array<BYTE, 2> number{serial, 0x01};  // the least significant byte first
  std::array<BYTE, 16> key{};
  std::string algorithm = szOID_RSA_RSA, signature = szOID_RSA_SHA256RSA;
  CERT_INFO info{};
  info.dwVersion = CERT_V3;
  info.SerialNumber = {static_cast<DWORD>(number.size()), number.data()};
  info.SignatureAlgorithm.pszObjId = signature.data();
  info.Issuer = {static_cast<DWORD>(issuer_name.size()), issuer_name.data()};
  info.Subject = {static_cast<DWORD>(subject_name.size()), subject_name.data()};
  info.NotBefore = begin_of(from_year);
  info.NotAfter = begin_of(until_year);
  info.SubjectPublicKeyInfo.Algorithm.pszObjId = algorithm.data();
  info.SubjectPublicKeyInfo.PublicKey = {static_cast<DWORD>(key.size()), key.data(), 0};
  return certificate_of(info);
}

std::vector<std::uint8_t> older_twin_of(std::span<const std::uint8_t> der, int from_year, int until_year) {
  const Context context(
      CertCreateCertificateContext(X509_ASN_ENCODING, der.data(), static_cast<DWORD>(der.size())));
  if (!context) throw_last_error("CertCreateCertificateContext");
  CERT_INFO info = *context->pCertInfo;
  std::array<BYTE, 2> number{0x0E, 0x01};
  info.SerialNumber = {static_cast<DWORD>(number.size()), number.data()};
  info.NotBefore = begin_of(from_year);
  info.NotAfter = begin_of(until_year);
  return certificate_of(info);
}

}  // namespace koshin::test
