// SPDX-License-Identifier: MIT
// OpenSSL's handles for the card, and a key of its as one.
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "piv_state.hpp"

namespace koshin::cards {

template <auto function>
struct Freed {
  template <class Type>
  void operator()(Type* object) const {
    function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

/// Of a private key in PKCS#8. Throws std::runtime_error.
Key key_of(ByteView private_key);

/// DER, by one of OpenSSL's i2d functions. Throws std::runtime_error.
template <class Encode, class Object>
Bytes encoded(Encode encode, Object* object) {
  unsigned char* memory = nullptr;
  const int size = encode(object, &memory);
  if (size <= 0) throw std::runtime_error("OpenSSL cannot encode");
  Bytes bytes(memory, memory + size);
  OPENSSL_free(memory);
  return bytes;
}

}  // namespace koshin::cards
