// SPDX-License-Identifier: MIT
// A program keeps its file open in a way that lets others read it and not remove it: a file that can be
// removed was left behind.
#include "kept_file.hpp"

#include <windows.h>

#include <utility>

#include "foundation/system/handle.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_with(const fs::path& path, DWORD error = GetLastError()) {
  throw_error(error, narrow(path.native()));
}

Handle opened(HANDLE file) {
  return Handle(file == INVALID_HANDLE_VALUE ? nullptr : file);
}

class OpenFile final : public KeptFile {
 public:
  OpenFile(fs::path path, Handle file) : path_(std::move(path)), file_(std::move(file)) {}
  ~OpenFile() override {
    file_.close();
    DeleteFileW(path_.c_str());
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

 private:
  fs::path path_;
  Handle file_;
};

}  // namespace

std::unique_ptr<KeptFile> KeptFile::make(const fs::path& path, std::string_view content) {
  const PrivateToUser security;
  Handle writing = opened(CreateFileW(path.c_str(), GENERIC_WRITE, FILE_SHARE_READ,
                                      static_cast<SECURITY_ATTRIBUTES*>(security.attributes()), CREATE_NEW,
                                      FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!writing) fail_with(path);
  DWORD written = 0;
  const bool whole = WriteFile(writing.get(), content.data(), static_cast<DWORD>(content.size()), &written,
                               nullptr) != FALSE &&
                     written == content.size();
  const DWORD error = GetLastError();
  // A browser that lets nobody write what it reads could not open a file that is open for writing.
  writing.close();
  if (!whole) {
    DeleteFileW(path.c_str());
    fail_with(path, error);
  }
  Handle reading = opened(CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING,
                                      FILE_ATTRIBUTE_NORMAL, nullptr));
  if (reading) return std::make_unique<OpenFile>(path, std::move(reading));
  if (GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_SHARING_VIOLATION ||
      GetLastError() == ERROR_ACCESS_DENIED)
    return nullptr;  // removed in between, or being removed
  fail_with(path);
}

void KeptFile::remove_if_left(const fs::path& path) {
  DeleteFileW(path.c_str());
}

}  // namespace koshin::ui
