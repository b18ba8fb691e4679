// SPDX-License-Identifier: MIT
// OpenSSL's compiled-in paths.
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "enrollment/http/system_anchors.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

/// Not X509_STORE_set_default_paths(), which obeys SSL_CERT_FILE and SSL_CERT_DIR: the environment must not
/// determine trust.
void add_system_anchors(X509_STORE* store) {
  X509_LOOKUP* file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  X509_LOOKUP* directory = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (file == nullptr || directory == nullptr)
    fail(Reason::internal_error, "system trust store: " + openssl_errors());
  // Usually one of the two exists.
  X509_LOOKUP_load_file(file, X509_get_default_cert_file(), X509_FILETYPE_PEM);
  X509_LOOKUP_add_dir(directory, X509_get_default_cert_dir(), X509_FILETYPE_PEM);
  ERR_clear_error();
}

}  // namespace koshin::enrollment
