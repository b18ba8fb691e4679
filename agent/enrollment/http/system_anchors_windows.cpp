// SPDX-License-Identifier: MIT
// The store "Root" of the local machine, with what group policy has put there: not the user's, to which a
// program of the user's could add. What Windows has marked as not for servers, or as no longer trusted
// ("Disallowed"), is left out. Windows fetches some public roots only when they are first needed; those are
// not there before.
#include <windows.h>

#include <wincrypt.h>
// wincrypt.h has macros of these names, OpenSSL types.
#undef X509_NAME
#undef X509_EXTENSIONS
#undef PKCS7_SIGNER_INFO
#undef OCSP_REQUEST
#undef OCSP_RESPONSE
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "enrollment/http/system_anchors.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {
namespace {

struct CloseStore {
  void operator()(void* store) const { CertCloseStore(store, 0); }
};
using Store = std::unique_ptr<void, CloseStore>;

Store open(const wchar_t* name) {
  return Store(CertOpenStore(
      CERT_STORE_PROV_SYSTEM_W, 0, 0,
      CERT_SYSTEM_STORE_LOCAL_MACHINE | CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG, name));
}

/// Whether Windows limits the certificate to uses (a property of its store) among which servers are not.
bool is_not_for_servers(const CERT_CONTEXT* certificate) {
  DWORD size = 0;
  if (CertGetEnhancedKeyUsage(certificate, CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG, nullptr, &size) == 0)
    return false;
  std::vector<std::byte> memory(size);
  auto* const usages = reinterpret_cast<CERT_ENHKEY_USAGE*>(memory.data());
  if (CertGetEnhancedKeyUsage(certificate, CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG, usages, &size) == 0)
    return false;
  if (usages->cUsageIdentifier == 0) return GetLastError() != static_cast<DWORD>(CRYPT_E_NOT_FOUND);
  for (DWORD i = 0; i < usages->cUsageIdentifier; ++i)
    if (std::string_view(usages->rgpszUsageIdentifier[i]) == szOID_PKIX_KP_SERVER_AUTH) return false;
  return true;
}

bool is_in(void* store, const CERT_CONTEXT* certificate) {
  if (store == nullptr) return false;
  const CERT_CONTEXT* const found =
      CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, certificate, nullptr);
  if (found != nullptr) CertFreeCertificateContext(found);
  return found != nullptr;
}

void add(X509_STORE* store, const CERT_CONTEXT* certificate) {
  const unsigned char* encoded = certificate->pbCertEncoded;
  X509* const parsed = d2i_X509(nullptr, &encoded, static_cast<long>(certificate->cbCertEncoded));
  // One that OpenSSL cannot read, or that is there twice, is not missed.
  if (parsed != nullptr) X509_STORE_add_cert(store, parsed);
  X509_free(parsed);
  ERR_clear_error();
}

}  // namespace

void add_system_anchors(X509_STORE* store) {
  const Store roots = open(L"ROOT"), refused = open(L"Disallowed");
  if (!roots) fail(Reason::internal_error, "system trust store: error " + std::to_string(GetLastError()));
  // Each call frees the one before.
  const CERT_CONTEXT* certificate = nullptr;
  while ((certificate = CertEnumCertificatesInStore(roots.get(), certificate)) != nullptr)
    if (!is_not_for_servers(certificate) && !is_in(refused.get(), certificate)) add(store, certificate);
}

}  // namespace koshin::enrollment
