// SPDX-License-Identifier: MIT
// The programs that Windows has noted for HTML files and for web addresses.
#include "desktop/default_application.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <shlwapi.h>

#include <array>
#include <string>

namespace koshin::desktop {

namespace {

/// The program that opens files or addresses of this kind; empty where none is known.
std::wstring opener_of(const wchar_t* kind, ASSOCF how) {
  std::array<wchar_t, 1024> program{};
  auto size = static_cast<DWORD>(program.size());
  if (FAILED(AssocQueryStringW(how, ASSOCSTR_EXECUTABLE, kind, L"open", program.data(), &size))) return {};
  return program.data();
}

}  // namespace

/// HTML files may be opened by an editor; a browser opens web addresses too.
bool browser_reads_files() {
  const std::wstring for_files = opener_of(L".html", ASSOCF_NONE);
  const std::wstring for_addresses = opener_of(L"http", ASSOCF_IS_PROTOCOL);
  if (for_files.empty() || for_addresses.empty()) return true;  // nothing is known
  return CompareStringOrdinal(for_files.c_str(), -1, for_addresses.c_str(), -1, TRUE) == CSTR_EQUAL;
}

}  // namespace koshin::desktop
