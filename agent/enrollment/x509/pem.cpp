// SPDX-License-Identifier: MIT
#include "enrollment/x509/pem.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

std::string to_pem(std::span<const Certificate> certificates) {
  if (certificates.empty()) return {};
  const Bio bio(BIO_new(BIO_s_mem()));
  for (const Certificate& certificate : certificates) {
    const Bytes& der = certificate.der();
    if (!bio || PEM_write_bio(bio.get(), PEM_STRING_X509, "", der.data(), static_cast<long>(der.size())) <= 0)
      fail(Reason::internal_error, "a certificate cannot be written as PEM");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace koshin::enrollment
