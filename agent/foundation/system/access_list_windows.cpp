// SPDX-License-Identifier: MIT
// Access control lists.
#include "foundation/system/access_list_windows.hpp"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr std::string_view owner_rights = "S-1-3-4";
constexpr std::array<std::string_view, 3> administrators{
    "S-1-5-18",                                                         // the system
    "S-1-5-32-544",                                                     // BUILTIN\Administrators
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"};  // TrustedInstaller

std::string text_of(PSID sid) {
  wchar_t* text = nullptr;
  if (::ConvertSidToStringSidW(sid, &text) == 0) return "an unknown SID";
  std::string result = narrow(text);
  ::LocalFree(text);
  return result;
}

/// "DOMAIN\name" where the system knows one.
std::string name_of(PSID sid) {
  std::array<wchar_t, 256> name{};
  std::array<wchar_t, 256> domain{};
  auto name_size = static_cast<DWORD>(name.size());
  auto domain_size = static_cast<DWORD>(domain.size());
  SID_NAME_USE use{};
  if (::LookupAccountSidW(nullptr, sid, name.data(), &name_size, domain.data(), &domain_size, &use) == 0)
    return text_of(sid);
  const std::string before = narrow(domain.data());
  return (before.empty() ? "" : before + '\\') + narrow(name.data());
}

class Judge {
 public:
  Judge(const Trusted& trusted, PSID owner) : trusted_(trusted), own_(own_sid()), owner_(text_of(owner)) {}

  bool is_administrator(const std::string& sid) const {
    return std::find(administrators.begin(), administrators.end(), sid) != administrators.end() ||
           (sid == own_ && owns_as_administrator());
  }
  bool trusts(const std::string& sid) const {
    if (sid == owner_rights) return trusts(owner_);
    return is_administrator(sid) || (trusted_.caller && sid == own_) ||
           std::find(trusted_.others.begin(), trusted_.others.end(), sid) != trusted_.others.end();
  }
  const std::string& owner() const { return owner_; }

 private:
  const Trusted& trusted_;
  std::string own_, owner_;
};

/// The SID that an entry allows one of the rights to; null for any other entry.
PSID allowed_by(const ACE_HEADER* entry, DWORD rights) {
  if ((entry->AceFlags & INHERIT_ONLY_ACE) != 0) return nullptr;
  const bool plain =
      entry->AceType == ACCESS_ALLOWED_ACE_TYPE || entry->AceType == ACCESS_ALLOWED_CALLBACK_ACE_TYPE;
  if (!plain) return nullptr;  // entries for parts of an object do not occur with files
  const auto* const allowed = reinterpret_cast<const ACCESS_ALLOWED_ACE*>(entry);
  DWORD mask = allowed->Mask;
  GENERIC_MAPPING generic{FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS};
  ::MapGenericMask(&mask, &generic);
  return (mask & rights) != 0 ? const_cast<DWORD*>(&allowed->SidStart) : nullptr;
}

std::string first_other(const ACL* list, DWORD rights, const Judge& judge) {
  if (list == nullptr) return "everybody";  // no list allows everything
  for (DWORD i = 0; i < list->AceCount; ++i) {
    void* entry = nullptr;
    if (::GetAce(const_cast<ACL*>(list), i, &entry) == 0) return "somebody";
    PSID const sid = allowed_by(static_cast<const ACE_HEADER*>(entry), rights);
    if (sid != nullptr && !judge.trusts(text_of(sid))) return name_of(sid);
  }
  return {};
}

}  // namespace

AccessJudgement judge_access(NativeHandle file, unsigned long rights, const Trusted& trusted,
                             const std::string& name) {
  PSID owner = nullptr;
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const DWORD error =
      ::GetSecurityInfo(file, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner,
                        nullptr, &list, nullptr, &descriptor);
  if (error != ERROR_SUCCESS) throw_error(error, name);
  const std::unique_ptr<void, decltype(&::LocalFree)> own(descriptor, ::LocalFree);
  const Judge judge(trusted, owner);
  return {.owner = name_of(owner),
          .owner_trusted = judge.trusts(judge.owner()),
          .owner_is_administrator = judge.is_administrator(judge.owner()),
          .other = first_other(list, rights, judge)};
}

std::string sid_of(const char* account) {
  alignas(DWORD) std::array<char, SECURITY_MAX_SID_SIZE> sid{};
  std::array<wchar_t, 256> domain{};
  auto sid_size = static_cast<DWORD>(sid.size());
  auto domain_size = static_cast<DWORD>(domain.size());
  SID_NAME_USE use{};
  if (::LookupAccountNameW(nullptr, wide(account).c_str(), sid.data(), &sid_size, domain.data(), &domain_size,
                           &use) == 0)
    return {};
  return text_of(sid.data());
}

}  // namespace koshin
