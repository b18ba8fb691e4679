// SPDX-License-Identifier: MIT
#include "renewal/steps/home_key.hpp"

#include <chrono>
#include <exception>
#include <thread>

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

/// Whether the token is still in its reader, of whose emptiness the reader service may tell a second late.
bool stays_in_reader(const OpenToken& token) {
  constexpr std::chrono::milliseconds step{100};
  constexpr int looks = 15;
  for (int look = 0; look < looks; ++look, std::this_thread::sleep_for(step)) {
    (void)token.module().tokens();  // only the slot list makes some modules look at the reader
    if (token.module().token(token.info().slot).identity != token.info().identity) return false;
  }
  return true;
}

/// A key of another type than the certificate's makes no signature at all: ykcs11 says CKR_DEVICE_ERROR then,
/// as it does of a card that was pulled.
bool failed_at_signing(const OpenToken& token, pkcs11::Session& session) {
  const std::exception_ptr cause = session.take_signing_failure();
  if (!cause) return false;
  try {
    std::rethrow_exception(cause);
  } catch (const pkcs11::Error& error) {
    const bool as_if_pulled = pkcs11::classify(error) == pkcs11::Trouble::token_gone;
    if (as_if_pulled && stays_in_reader(token)) return true;
    if (!pkcs11::can_go_on_without(error)) throw;
    return true;
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
    if (failed_at_signing(work.token, work.token.session())) return true;
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
