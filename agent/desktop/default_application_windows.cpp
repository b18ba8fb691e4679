// SPDX-License-Identifier: MIT
// The programs that Windows has noted for HTML files and for web addresses.
#include "desktop/default_application.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <shlwapi.h>

#include <array>

#include "desktop/opening_program_windows.hpp"

namespace koshin::desktop {

std::filesystem::path opening_program(Opened what, const wchar_t* kind) {
  const ASSOCF how = what == Opened::addresses ? ASSOCF_IS_PROTOCOL : ASSOCF_NONE;
  std::array<wchar_t, 1024> program{};
  auto size = static_cast<DWORD>(program.size());
  if (FAILED(AssocQueryStringW(how, ASSOCSTR_EXECUTABLE, kind, L"open", program.data(), &size))) return {};
  return program.data();
}

/// HTML files may be opened by an editor; a browser opens web addresses too.
bool browser_reads_files() {
  const std::filesystem::path for_files = opening_program(Opened::files, L".html");
  const std::filesystem::path for_addresses = opening_program(Opened::addresses, L"http");
  if (for_files.empty() || for_addresses.empty()) return true;  // nothing is known
  return CompareStringOrdinal(for_files.c_str(), -1, for_addresses.c_str(), -1, TRUE) == CSTR_EQUAL;
}

}  // namespace koshin::desktop
