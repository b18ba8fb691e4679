// SPDX-License-Identifier: MIT
// Loading of libraries, and file locations, on Windows.
#include <windows.h>

#include <array>
#include <system_error>

#include "pkcs11/call_watch.hpp"
#include "pkcs11/cryptoki.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/shared_object.hpp"

namespace koshin::pkcs11 {

// PKCS#11 (section 2.1 of the base specification) packs its structures to one byte on Windows; CK_ULONG is a
// long, of four bytes there. A header that does not would hand a vendor's module garbage.
static_assert(sizeof(CK_ULONG) == 4 && sizeof(CK_ATTRIBUTE) == 16 && sizeof(CK_MECHANISM) == 16);
static_assert(sizeof(CK_FUNCTION_LIST) == 2 + 68 * sizeof(void*));

namespace {

namespace fs = std::filesystem;

class WindowsLibrary final : public SharedObject {
 public:
  explicit WindowsLibrary(HMODULE library) : library_(library) {}
  ~WindowsLibrary() override {
    if (!kept_) ::FreeLibrary(library_);
  }
  WindowsLibrary(const WindowsLibrary&) = delete;
  WindowsLibrary& operator=(const WindowsLibrary&) = delete;

  void* symbol(const std::string& name) const override {
    return reinterpret_cast<void*>(::GetProcAddress(library_, name.c_str()));
  }
  void keep() noexcept override { kept_ = true; }

 private:
  HMODULE library_;
  bool kept_ = false;
};

fs::path running_program() {
  std::array<wchar_t, 32768> path{};
  const DWORD size = ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  return size == path.size() ? fs::path() : fs::path(std::wstring(path.data(), size));
}

}  // namespace

std::unique_ptr<SharedObject> SharedObject::load(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw ModuleError(ModuleError::Kind::not_found,
                      "no PKCS#11 module at " + path.string() + (error ? ": " + error.message() : ""));
  }
  HMODULE library = nullptr;
  DWORD failure = 0;
  {
    const WatchedCall watched;  // runs the module's DllMain
    // What it needs itself is looked for beside it and in Windows' own folder, and nowhere else.
    library = ::LoadLibraryExW(fs::path(path).make_preferred().c_str(), nullptr,
                               LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    failure = ::GetLastError();
  }
  if (library == nullptr) {
    throw ModuleError(
        ModuleError::Kind::not_loadable,
        path.string() + " cannot be loaded: " + std::system_category().message(static_cast<int>(failure)));
  }
  return std::make_unique<WindowsLibrary>(library);
}

std::vector<fs::path> helper_library_candidates(const std::string& file_name) {
  return {running_program().parent_path() / file_name};
}

std::string running_program_name() {
  return running_program().stem().string();
}

}  // namespace koshin::pkcs11
