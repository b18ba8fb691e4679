// SPDX-License-Identifier: MIT
// Conversion of CK_TOKEN_INFO.
#include "pkcs11/token_info.hpp"

#include "pkcs11/quirks.hpp"

namespace koshin::pkcs11 {
namespace {

/// Free memory in bytes; empty where the reported total could not hold a certificate and is therefore not in
/// bytes: NSS softokn reports 1 for all figures, others 0.
std::optional<std::uint64_t> told(CK_ULONG amount, CK_ULONG total) {
  constexpr CK_ULONG smallest_token = 1024;
  if (amount == CK_UNAVAILABLE_INFORMATION) return std::nullopt;
  if (total < smallest_token && amount <= total) return std::nullopt;
  return amount;
}

PinState pin_state(const CK_TOKEN_INFO& info) {
  const auto has = [&info](CK_FLAGS flag) { return (info.flags & flag) != 0; };
  PinState pin;
  pin.initialized = has(CKF_USER_PIN_INITIALIZED);
  pin.count_low = has(CKF_USER_PIN_COUNT_LOW);
  pin.final_try = has(CKF_USER_PIN_FINAL_TRY);
  pin.locked = has(CKF_USER_PIN_LOCKED);
  pin.to_be_changed = has(CKF_USER_PIN_TO_BE_CHANGED);
  pin.so_final_try = has(CKF_SO_PIN_FINAL_TRY);
  pin.so_locked = has(CKF_SO_PIN_LOCKED);
  pin.protected_path = has(CKF_PROTECTED_AUTHENTICATION_PATH);
  // Some modules report an impossible length for "unknown".
  constexpr CK_ULONG longest = 255;
  if (info.ulMinPinLen <= longest) pin.min_length = static_cast<unsigned>(info.ulMinPinLen);
  if (info.ulMaxPinLen <= longest) pin.max_length = static_cast<unsigned>(info.ulMaxPinLen);
  return pin;
}

}  // namespace

TokenInfo token_info_of(std::uint64_t slot, const CK_TOKEN_INFO& info) {
  TokenInfo token;
  token.slot = slot;
  token.identity = {.manufacturer = padded_text(info.manufacturerID),
                    .model = padded_text(info.model),
                    .serial = padded_text(info.serialNumber)};
  token.label = padded_text(info.label);
  token.identity.serial = serial_number_said(token.identity, token.label);
  token.initialized = (info.flags & CKF_TOKEN_INITIALIZED) != 0;
  token.write_protected = (info.flags & CKF_WRITE_PROTECTED) != 0;
  token.login_required = (info.flags & CKF_LOGIN_REQUIRED) != 0;
  token.pin = pin_state(info);
  token.free_private_memory = told(info.ulFreePrivateMemory, info.ulTotalPrivateMemory);
  token.free_public_memory = told(info.ulFreePublicMemory, info.ulTotalPublicMemory);
  return token;
}

}  // namespace koshin::pkcs11
