// SPDX-License-Identifier: MIT
// Writing files atomically on Windows.
#include <windows.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "foundation/system/atomic_file.hpp"
#include "foundation/system/handle.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr unsigned for_group_and_others = 077;

std::wstring temporary_name() {
  std::random_device random;
  return L"." + std::to_wstring(random()) + std::to_wstring(random());
}

/// A file under a name of its own, removed unless it was renamed to its destination.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& destination, unsigned mode)
      : destination_(destination),
        name_(destination.parent_path() / (L"." + destination.filename().native() + temporary_name())) {
    const PrivateToUser security;
    auto* const attributes = (mode & for_group_and_others) == 0
                                 ? static_cast<SECURITY_ATTRIBUTES*>(security.attributes())
                                 : nullptr;  // as the folder says
    HANDLE const made = ::CreateFileW(name_.c_str(), GENERIC_WRITE, 0, attributes, CREATE_NEW,
                                      FILE_ATTRIBUTE_NORMAL, nullptr);
    if (made == INVALID_HANDLE_VALUE) fail_now();
    file_ = Handle(made);
  }
  ~TemporaryFile() {
    file_.close();
    if (!renamed_) ::DeleteFileW(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::string_view contents) {
    write_all(file_.get(), {contents.data(), contents.size()});
    if (::FlushFileBuffers(file_.get()) == 0) fail_now();
    file_.close();
  }
  /// Somebody who reads the file at this moment is waited for; a scanner for viruses may take its time.
  void rename_to_destination() {
    constexpr int most_attempts = 250;
    constexpr DWORD pause_ms = 20;
    for (int attempt = 1; !renamed_; ++attempt) {
      renamed_ = ::MoveFileExW(name_.c_str(), destination_.c_str(),
                               MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
      if (renamed_) return;
      const DWORD error = ::GetLastError();
      const bool in_use = error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED;
      if (!in_use || attempt == most_attempts || std::filesystem::is_directory(destination_))
        throw_error(error, destination_.string());
      ::Sleep(pause_ms);
    }
  }

 private:
  [[noreturn]] void fail_now() const { throw_last_error(destination_.string()); }

  std::filesystem::path destination_, name_;
  Handle file_;
  bool renamed_ = false;
};

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::string_view contents, unsigned mode) {
  TemporaryFile file(std::filesystem::absolute(path), mode);
  file.write(contents);
  file.rename_to_destination();
}

std::uintmax_t largest_file_allowed() noexcept {
  return UINTMAX_MAX;  // Windows has no such limit
}

}  // namespace koshin
