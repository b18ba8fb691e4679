// SPDX-License-Identifier: MIT
// Names and meanings of CK_RV values.
#include "pkcs11/error.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "pkcs11/cryptoki.hpp"

namespace koshin::pkcs11 {
namespace {

using Named = std::pair<CK_RV, const char*>;
constexpr std::array names = std::to_array<Named>({
    {CKR_OK, "CKR_OK"},
    {CKR_CANCEL, "CKR_CANCEL"},
    {CKR_HOST_MEMORY, "CKR_HOST_MEMORY"},
    {CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID"},
    {CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR"},
    {CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED"},
    {CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD"},
    {CKR_NO_EVENT, "CKR_NO_EVENT"},
    {CKR_NEED_TO_CREATE_THREADS, "CKR_NEED_TO_CREATE_THREADS"},
    {CKR_CANT_LOCK, "CKR_CANT_LOCK"},
    {CKR_ATTRIBUTE_READ_ONLY, "CKR_ATTRIBUTE_READ_ONLY"},
    {CKR_ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE"},
    {CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID"},
    {CKR_ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID"},
    {CKR_ACTION_PROHIBITED, "CKR_ACTION_PROHIBITED"},
    {CKR_DATA_INVALID, "CKR_DATA_INVALID"},
    {CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE"},
    {CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR"},
    {CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY"},
    {CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED"},
    {CKR_ENCRYPTED_DATA_INVALID, "CKR_ENCRYPTED_DATA_INVALID"},
    {CKR_ENCRYPTED_DATA_LEN_RANGE, "CKR_ENCRYPTED_DATA_LEN_RANGE"},
    {CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED"},
    {CKR_FUNCTION_NOT_PARALLEL, "CKR_FUNCTION_NOT_PARALLEL"},
    {CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED"},
    {CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID"},
    {CKR_KEY_SIZE_RANGE, "CKR_KEY_SIZE_RANGE"},
    {CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT"},
    {CKR_KEY_NOT_NEEDED, "CKR_KEY_NOT_NEEDED"},
    {CKR_KEY_CHANGED, "CKR_KEY_CHANGED"},
    {CKR_KEY_NEEDED, "CKR_KEY_NEEDED"},
    {CKR_KEY_INDIGESTIBLE, "CKR_KEY_INDIGESTIBLE"},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED"},
    {CKR_KEY_NOT_WRAPPABLE, "CKR_KEY_NOT_WRAPPABLE"},
    {CKR_KEY_UNEXTRACTABLE, "CKR_KEY_UNEXTRACTABLE"},
    {CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID"},
    {CKR_MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID"},
    {CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID"},
    {CKR_OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE"},
    {CKR_OPERATION_NOT_INITIALIZED, "CKR_OPERATION_NOT_INITIALIZED"},
    {CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT"},
    {CKR_PIN_INVALID, "CKR_PIN_INVALID"},
    {CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE"},
    {CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED"},
    {CKR_PIN_LOCKED, "CKR_PIN_LOCKED"},
    {CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED"},
    {CKR_SESSION_COUNT, "CKR_SESSION_COUNT"},
    {CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID"},
    {CKR_SESSION_PARALLEL_NOT_SUPPORTED, "CKR_SESSION_PARALLEL_NOT_SUPPORTED"},
    {CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY"},
    {CKR_SESSION_EXISTS, "CKR_SESSION_EXISTS"},
    {CKR_SESSION_READ_ONLY_EXISTS, "CKR_SESSION_READ_ONLY_EXISTS"},
    {CKR_SESSION_READ_WRITE_SO_EXISTS, "CKR_SESSION_READ_WRITE_SO_EXISTS"},
    {CKR_SIGNATURE_INVALID, "CKR_SIGNATURE_INVALID"},
    {CKR_SIGNATURE_LEN_RANGE, "CKR_SIGNATURE_LEN_RANGE"},
    {CKR_TEMPLATE_INCOMPLETE, "CKR_TEMPLATE_INCOMPLETE"},
    {CKR_TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT"},
    {CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT"},
    {CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED"},
    {CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED"},
    {CKR_UNWRAPPING_KEY_HANDLE_INVALID, "CKR_UNWRAPPING_KEY_HANDLE_INVALID"},
    {CKR_UNWRAPPING_KEY_SIZE_RANGE, "CKR_UNWRAPPING_KEY_SIZE_RANGE"},
    {CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT"},
    {CKR_USER_ALREADY_LOGGED_IN, "CKR_USER_ALREADY_LOGGED_IN"},
    {CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN"},
    {CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED"},
    {CKR_USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID"},
    {CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN"},
    {CKR_USER_TOO_MANY_TYPES, "CKR_USER_TOO_MANY_TYPES"},
    {CKR_WRAPPED_KEY_INVALID, "CKR_WRAPPED_KEY_INVALID"},
    {CKR_WRAPPED_KEY_LEN_RANGE, "CKR_WRAPPED_KEY_LEN_RANGE"},
    {CKR_WRAPPING_KEY_HANDLE_INVALID, "CKR_WRAPPING_KEY_HANDLE_INVALID"},
    {CKR_WRAPPING_KEY_SIZE_RANGE, "CKR_WRAPPING_KEY_SIZE_RANGE"},
    {CKR_WRAPPING_KEY_TYPE_INCONSISTENT, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT"},
    {CKR_RANDOM_SEED_NOT_SUPPORTED, "CKR_RANDOM_SEED_NOT_SUPPORTED"},
    {CKR_RANDOM_NO_RNG, "CKR_RANDOM_NO_RNG"},
    {CKR_DOMAIN_PARAMS_INVALID, "CKR_DOMAIN_PARAMS_INVALID"},
    {CKR_CURVE_NOT_SUPPORTED, "CKR_CURVE_NOT_SUPPORTED"},
    {CKR_BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL"},
    {CKR_SAVED_STATE_INVALID, "CKR_SAVED_STATE_INVALID"},
    {CKR_INFORMATION_SENSITIVE, "CKR_INFORMATION_SENSITIVE"},
    {CKR_STATE_UNSAVEABLE, "CKR_STATE_UNSAVEABLE"},
    {CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED"},
    {CKR_CRYPTOKI_ALREADY_INITIALIZED, "CKR_CRYPTOKI_ALREADY_INITIALIZED"},
    {CKR_MUTEX_BAD, "CKR_MUTEX_BAD"},
    {CKR_MUTEX_NOT_LOCKED, "CKR_MUTEX_NOT_LOCKED"},
    {CKR_NEW_PIN_MODE, "CKR_NEW_PIN_MODE"},
    {CKR_NEXT_OTP, "CKR_NEXT_OTP"},
    {CKR_EXCEEDED_MAX_ITERATIONS, "CKR_EXCEEDED_MAX_ITERATIONS"},
    {CKR_FIPS_SELF_TEST_FAILED, "CKR_FIPS_SELF_TEST_FAILED"},
    {CKR_LIBRARY_LOAD_FAILED, "CKR_LIBRARY_LOAD_FAILED"},
    {CKR_PIN_TOO_WEAK, "CKR_PIN_TOO_WEAK"},
    {CKR_PUBLIC_KEY_INVALID, "CKR_PUBLIC_KEY_INVALID"},
    {CKR_FUNCTION_REJECTED, "CKR_FUNCTION_REJECTED"},
});

class CryptokiCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "pkcs11"; }
  std::string message(int value) const override {
    const auto rv = static_cast<CK_RV>(static_cast<unsigned>(value));
    const auto* found =
        std::find_if(names.begin(), names.end(), [rv](const Named& named) { return named.first == rv; });
    if (found != names.end()) return found->second;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(),
                  rv >= CKR_VENDOR_DEFINED ? "CKR_VENDOR_DEFINED+0x%lX" : "CKR_0x%lX",
                  rv >= CKR_VENDOR_DEFINED ? rv - CKR_VENDOR_DEFINED : rv);
    return text.data();
  }
};

std::string describe(std::string_view function, const CallSite& where) {
  const std::string_view path = where.file;
  const auto slash = path.find_last_of("/\\");
  std::string text(function);
  text += " (called from ";
  text += path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  return text + ":" + std::to_string(where.line) + ")";
}

/// CK_RV is wider than int, but its values are not: the vendor bit is bit 31 (section 3.6).
std::error_code code_of(unsigned long rv) {
  return {static_cast<int>(static_cast<unsigned>(rv)), cryptoki_category()};
}

bool is_about_pin(Trouble trouble) {
  switch (trouble) {
    case Trouble::pin_incorrect:
    case Trouble::pin_length:
    case Trouble::pin_locked:
    case Trouble::pin_expired:
    case Trouble::pin_not_set:
    case Trouble::pin_cancelled:
    case Trouble::new_pin_refused:
      return true;
    default:
      return false;
  }
}

}  // namespace

const std::error_category& cryptoki_category() noexcept {
  static const CryptokiCategory category;
  return category;
}

Error::Error(unsigned long rv, std::string_view function, CallSite where)
    : std::system_error(code_of(rv), describe(function, where)), function_(function) {}

Trouble classify(const std::error_code& code) noexcept {
  if (code.category() != cryptoki_category()) return Trouble::other;
  static constexpr std::array meanings = std::to_array<std::pair<CK_RV, Trouble>>({
      {CKR_SESSION_HANDLE_INVALID, Trouble::token_gone},
      {CKR_SESSION_CLOSED, Trouble::token_gone},
      {CKR_DEVICE_REMOVED, Trouble::token_gone},
      {CKR_DEVICE_ERROR, Trouble::token_gone},
      {CKR_TOKEN_NOT_PRESENT, Trouble::token_gone},
      {CKR_TOKEN_NOT_RECOGNIZED, Trouble::token_gone},
      {CKR_SLOT_ID_INVALID, Trouble::token_gone},
      {CKR_PIN_INCORRECT, Trouble::pin_incorrect},
      {CKR_PIN_INVALID, Trouble::pin_length},
      {CKR_PIN_LEN_RANGE, Trouble::pin_length},
      {CKR_PIN_TOO_WEAK, Trouble::new_pin_refused},
      {CKR_PIN_LOCKED, Trouble::pin_locked},
      {CKR_PIN_EXPIRED, Trouble::pin_expired},
      {CKR_USER_PIN_NOT_INITIALIZED, Trouble::pin_not_set},
      {CKR_FUNCTION_CANCELED, Trouble::pin_cancelled},
      {CKR_CANCEL, Trouble::pin_cancelled},
      {CKR_DEVICE_MEMORY, Trouble::token_full},
      {CKR_TOKEN_WRITE_PROTECTED, Trouble::write_protected},
      {CKR_SESSION_READ_ONLY, Trouble::write_protected},
      {CKR_MECHANISM_INVALID, Trouble::not_supported},
      {CKR_MECHANISM_PARAM_INVALID, Trouble::not_supported},
      {CKR_FUNCTION_NOT_SUPPORTED, Trouble::not_supported},
      {CKR_KEY_SIZE_RANGE, Trouble::not_supported},
      {CKR_CURVE_NOT_SUPPORTED, Trouble::not_supported},
      {CKR_DOMAIN_PARAMS_INVALID, Trouble::not_supported},
  });
  const auto rv = static_cast<CK_RV>(static_cast<unsigned>(code.value()));
  for (const auto& [value, trouble] : meanings) {
    if (value == rv) return trouble;
  }
  return Trouble::other;
}

Trouble classify(const Error& error) noexcept {
  const Trouble trouble = classify(error.code());
  const bool sets_pin = error.function() == "C_SetPIN" || error.function() == "C_InitPIN";
  if (sets_pin) return trouble == Trouble::pin_length ? Trouble::new_pin_refused : trouble;
  return is_about_pin(trouble) && error.function() != "C_Login" ? Trouble::other : trouble;
}

bool can_go_on_without(const Error& error) noexcept {
  const Trouble trouble = classify(error.code());
  return trouble != Trouble::token_gone && !is_about_pin(trouble);
}

}  // namespace koshin::pkcs11
