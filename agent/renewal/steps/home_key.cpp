// SPDX-License-Identifier: MIT
#include "renewal/steps/home_key.hpp"

#include <exception>

#include "enrollment/x509/certificate.hpp"
#include "pkcs11/error.hpp"
#include "renewal/steps/key_proof.hpp"
#include "renewal/steps/planned_slot.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::ObjectClass;
using pkcs11::TokenObject;

/// The certificate in the slot whose public key the token shows as the slot's; null where there is none.
const TokenObject* certificate_of_shown_key(const Workspace& work, const Bytes& slot) {
  const Bytes shown = find_public_key(work.token, slot);
  for (const TokenObject& object : work.token.objects()) {
    const bool issued = object.object_class == ObjectClass::certificate && object.id == slot &&
                        !object.certificate.empty() && !is_placeholder(work.token, object);
    if (issued && !shown.empty() && object.public_key == shown) return &object;
  }
  return nullptr;
}

/// Whether what the token shows of the key is the key's own: its attestation, or its metadata, of which a
/// card that tells the algorithm of its management key has some for each key.
bool is_vouched_for(Workspace& work, const TokenObject& certificate) {
  return attestation_of(work.token.attestations(), certificate.public_key) != nullptr ||
         !work.token.card_key().algorithm.empty();
}

/// Throws the token's own reason for which it made no signature, if it has one. That says nothing of whose
/// the key is: a touch that did not come fails as well, and so does a busy card. ykcs11 says CKR_DEVICE_ERROR
/// of a card that was pulled, and also of a key that is of another type than the certificate.
void throw_tokens_failure(const Workspace& work, const Bytes& slot) {
  const std::exception_ptr cause = work.token.session().take_signing_failure();
  if (!cause) return;
  try {
    std::rethrow_exception(cause);
  } catch (const pkcs11::Error& error) {
    if (pkcs11::classify(error) != pkcs11::Trouble::token_gone ||
        !work.token.stays_in_reader(OpenToken::late_looks, work.context.stop))
      throw;
    fail(Reason::token_error, "the key in slot " + work.token.profile().place_name(slot) +
                                  " makes no signature, and is left alone: " + error.what());
  }
}

}  // namespace

bool has_exchanged_key(Workspace& work, const Bytes& slot) {
  const TokenObject* key = find_private_key(work.token, slot);
  const TokenObject* beside = certificate_of_shown_key(work, slot);
  if (key == nullptr || beside == nullptr || is_vouched_for(work, *beside)) return false;
  const auto certificate = enrollment::Certificate::from_der(beside->certificate);
  if (certificate.sha256() == work.signed_for) return false;
  work.token.switch_user(pkcs11::User::user);
  const auto signs = work.token.session().evp_private_key(*key, certificate.public_key_der());
  try {
    if (!signs_for(certificate, signs.get())) return true;
    work.signed_for = certificate.sha256();
    return false;
  } catch (const FailureError&) {
    throw_tokens_failure(work, slot);
    throw;
  }
}

void leave_exchanged_key(const Workspace& work, const Bytes& slot) {
  tell_of_taken_slot(work, slot);
  if (!work.returning) return;
  fail(Reason::not_due, "the certificate in the spare slot logs in and is not due; slot " +
                            work.token.profile().place_name(slot) +
                            " has another key than that of the certificate in it, and is left alone");
}

}  // namespace koshin::renewal
