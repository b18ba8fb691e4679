// SPDX-License-Identifier: MIT
// Look-up among the token's objects.
#include "renewal/token/token_objects.hpp"

#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/base/text.hpp"

namespace koshin::renewal {
namespace {

bool same(pkcs11::ByteView a, pkcs11::ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

bool is_placeholder(const OpenToken& token, const pkcs11::TokenObject& certificate) {
  try {
    const auto parsed = enrollment::Certificate::from_der(certificate.certificate);
    return token.profile().is_placeholder(
        {certificate.id, parsed.self_issued(), is_never_valid(parsed.not_before(), parsed.not_after())});
  } catch (const FailureError&) {
    return false;  // unreadable, but no placeholder
  }
}

const pkcs11::TokenObject* find_private_key(const OpenToken& token, pkcs11::ByteView id) {
  const pkcs11::TokenObject* found = nullptr;
  for (const auto& object : token.objects()) {
    if (object.object_class != pkcs11::ObjectClass::private_key || !same(object.id, id)) continue;
    if (found != nullptr) {
      fail(Reason::key_pair_mismatch, "two private keys on the token share the CKA_ID " + to_hex(id));
    }
    found = &object;
  }
  return found;
}

Bytes find_public_key(const OpenToken& token, pkcs11::ByteView id) {
  Bytes from_private_half;
  for (const auto& object : token.objects()) {
    if (!same(object.id, id) || object.public_key.empty()) continue;
    if (object.object_class == pkcs11::ObjectClass::public_key) return object.public_key;
    if (object.object_class == pkcs11::ObjectClass::private_key) from_private_half = object.public_key;
  }
  return from_private_half;
}

const pkcs11::TokenObject* find_certificate(const OpenToken& token, pkcs11::ByteView der,
                                            pkcs11::ByteView id) {
  const auto& objects = token.objects();
  const auto found = std::find_if(objects.begin(), objects.end(), [&](const pkcs11::TokenObject& object) {
    return object.object_class == pkcs11::ObjectClass::certificate && same(object.certificate, der) &&
           same(object.id, id);
  });
  return found == objects.end() ? nullptr : &*found;
}

}  // namespace koshin::renewal
