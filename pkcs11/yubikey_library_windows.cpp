// SPDX-License-Identifier: MIT
// Where the installer of the YubiKey PIV Tool puts it.
#include <windows.h>

#include <knownfolders.h>
#include <shlobj.h>

#include "pkcs11/error.hpp"
#include "pkcs11/yubikey_library.hpp"

namespace koshin::pkcs11 {

const char* const yubikey_library_name = "libykpiv.dll";

std::unique_ptr<SharedObject> load_yubikey_library() {
  wchar_t* programs = nullptr;
  if (FAILED(::SHGetKnownFolderPath(FOLDERID_ProgramFiles, KF_FLAG_DEFAULT, nullptr, &programs)))
    return nullptr;
  const std::filesystem::path folder = programs;
  ::CoTaskMemFree(programs);
  try {
    return SharedObject::load(folder / "Yubico" / "Yubico PIV Tool" / "bin" / yubikey_library_name);
  } catch (const ModuleError&) {
    return nullptr;
  }
}

}  // namespace koshin::pkcs11
