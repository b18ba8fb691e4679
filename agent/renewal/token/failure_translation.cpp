// SPDX-License-Identifier: MIT
// Conversion of exceptions to Failure: the only place that maps Cryptoki return values to reasons.
#include "renewal/token/failure_translation.hpp"

#include "pkcs11/error.hpp"
#include "pkcs11/uri.hpp"

namespace koshin::renewal {
namespace {

std::string describe(const pkcs11::Error& error) {
  std::string text = error.what();  // name of the call, its place in the source, and the CKR name
  if (error.function() == "C_Initialize") text += ": the module could not start";
  if (error.code().message() == "CKR_USER_NOT_LOGGED_IN")
    text += ": nobody is logged in any more; another program may have reset the card";
  return text;
}

Reason reason_of(const pkcs11::Error& error) {
  switch (pkcs11::classify(error)) {
    case pkcs11::Trouble::token_gone:
      return Reason::token_removed;
    case pkcs11::Trouble::pin_incorrect:
    case pkcs11::Trouble::pin_length:
      // A CKR code about a presented PIN may have cost a try; lengths that cost none are checked before.
      return Reason::pin_incorrect;
    case pkcs11::Trouble::pin_locked:
      return Reason::pin_locked;
    case pkcs11::Trouble::pin_expired:
      return Reason::pin_expired;
    case pkcs11::Trouble::pin_not_set:
      return Reason::pin_not_set;
    case pkcs11::Trouble::pin_cancelled:
      return Reason::pin_cancelled;
    case pkcs11::Trouble::new_pin_refused:
      return Reason::new_pin_refused;
    case pkcs11::Trouble::token_full:
      return Reason::token_full;
    case pkcs11::Trouble::write_protected:
      return Reason::token_write_protected;
    case pkcs11::Trouble::not_supported:
      return Reason::token_mechanism_unsupported;
    case pkcs11::Trouble::other:
      break;
  }
  const bool before_any_token = error.function() == "C_Initialize" || error.function() == "C_GetFunctionList";
  return before_any_token ? Reason::module_not_loadable : Reason::token_error;
}

Reason reason_of(const pkcs11::ModuleError& error) {
  switch (error.kind()) {
    case pkcs11::ModuleError::Kind::not_found:
      return Reason::module_not_found;
    case pkcs11::ModuleError::Kind::not_loadable:
      return Reason::module_not_loadable;
    case pkcs11::ModuleError::Kind::incompatible:
      break;
  }
  return Reason::module_incompatible;
}

}  // namespace

Failure as_failure(const std::exception& error) {
  if (const auto* known = dynamic_cast<const FailureError*>(&error)) return known->failure();
  if (const auto* untouched = dynamic_cast<const pkcs11::TouchMissed*>(&error)) {
    return {Reason::touch_missing, printable(describe(*untouched)), {}};
  }
  if (const auto* token = dynamic_cast<const pkcs11::Error*>(&error)) {
    return {reason_of(*token), printable(describe(*token)), {}};
  }
  if (const auto* module = dynamic_cast<const pkcs11::ModuleError*>(&error)) {
    return {reason_of(*module), printable(module->what()), {}};
  }
  if (const auto* key = dynamic_cast<const pkcs11::UnsupportedKey*>(&error)) {
    return {Reason::key_algorithm_not_allowed,
            std::string(key->what()) +
                "; koshin enroll makes a key of another type (renewal.key) with a re-issue code",
            {}};
  }
  if (const auto* uri = dynamic_cast<const pkcs11::UriError*>(&error)) {
    return {Reason::usage_error, printable(uri->what()), {}};
  }
  return {Reason::internal_error, printable(error.what()), {}};
}

}  // namespace koshin::renewal
