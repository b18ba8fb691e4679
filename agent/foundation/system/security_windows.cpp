// SPDX-License-Identifier: MIT
// Tokens, SIDs and security descriptors.
#include "foundation/system/security_windows.hpp"

#include <windows.h>

#include <sddl.h>

#include <array>
#include <cstddef>

#include "foundation/system/handle.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

Handle own_token() {
  HANDLE token = nullptr;
  if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0)
    throw_last_error("OpenProcessToken");
  return Handle(token);
}

/// Empty when the system does not tell.
template <class Value>
Value token_value(TOKEN_INFORMATION_CLASS kind) noexcept {
  Value value{};
  HANDLE token = nullptr;
  if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return value;
  const Handle own(token);
  DWORD size = 0;
  if (::GetTokenInformation(token, kind, &value, sizeof value, &size) == 0) return Value{};
  return value;
}

/// The computer's policy, which administrators alone can write.
bool account_control_is_off() noexcept {
  DWORD on = 1;
  DWORD size = sizeof on;
  const LSTATUS found =
      ::RegGetValueW(HKEY_LOCAL_MACHINE, LR"(SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System)",
                     L"EnableLUA", RRF_RT_REG_DWORD, nullptr, &on, &size);
  return found == ERROR_SUCCESS && on == 0;
}

/// Everybody's right to the thing itself, and for a folder to what will be in it.
std::wstring private_descriptor() {
  return L"D:P(A;OICI;FA;;;" + wide(own_sid()) + L")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
}

}  // namespace

std::string own_sid() {
  const Handle token = own_token();
  alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> buffer{};
  DWORD size = 0;
  if (::GetTokenInformation(token.get(), TokenUser, buffer.data(), static_cast<DWORD>(buffer.size()),
                            &size) == 0)
    throw_last_error("GetTokenInformation");
  wchar_t* text = nullptr;
  if (::ConvertSidToStringSidW(reinterpret_cast<const TOKEN_USER*>(buffer.data())->User.Sid, &text) == 0)
    throw_last_error("ConvertSidToStringSid");
  std::string sid = narrow(text);
  ::LocalFree(text);
  return sid;
}

bool is_elevated() noexcept {
  return token_value<TOKEN_ELEVATION>(TokenElevation).TokenIsElevated != 0;
}

bool owns_as_administrator() noexcept {
  return is_elevated() &&
         (token_value<TOKEN_ELEVATION_TYPE>(TokenElevationType) == TokenElevationTypeDefault ||
          account_control_is_off());
}

struct PrivateToUser::Parts {
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  SECURITY_ATTRIBUTES attributes{};
};

PrivateToUser::PrivateToUser() : parts_(std::make_unique<Parts>()) {
  if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(private_descriptor().c_str(), SDDL_REVISION_1,
                                                             &parts_->descriptor, nullptr) == 0)
    throw_last_error("ConvertStringSecurityDescriptorToSecurityDescriptor");
  parts_->attributes = {.nLength = sizeof(SECURITY_ATTRIBUTES),
                        .lpSecurityDescriptor = parts_->descriptor,
                        .bInheritHandle = FALSE};
}

PrivateToUser::~PrivateToUser() {
  ::LocalFree(parts_->descriptor);
}

void* PrivateToUser::attributes() const noexcept {
  return &parts_->attributes;
}

void* PrivateToUser::access_list() const noexcept {
  BOOL present = FALSE;
  BOOL defaulted = FALSE;
  PACL list = nullptr;
  ::GetSecurityDescriptorDacl(parts_->descriptor, &present, &list, &defaulted);
  return list;
}

}  // namespace koshin
