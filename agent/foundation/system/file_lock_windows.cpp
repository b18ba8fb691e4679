// SPDX-License-Identifier: MIT
// LockFileEx: the lock is the open file's, so it keeps out this process's second attempt, and the system
// releases it when the process ends. The restart manager names its holder.
#include "foundation/system/file_lock.hpp"

#include <windows.h>

#include <restartmanager.h>

#include <array>
#include <string>

#include "foundation/base/text.hpp"
#include "foundation/system/handle.hpp"
#include "foundation/system/process_owner_windows.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

class OpenFileLock final : public FileLock {
 public:
  explicit OpenFileLock(Handle file) : file_(std::move(file)) {}

 private:
  Handle file_;
};

/// Another process that has the file open; 0 when the system does not tell.
long holder_of(const std::filesystem::path& file) {
  DWORD session = 0;
  std::array<wchar_t, CCH_RM_SESSION_KEY + 1> key{};
  if (::RmStartSession(&session, 0, key.data()) != ERROR_SUCCESS) return 0;
  const wchar_t* name = file.c_str();
  std::array<RM_PROCESS_INFO, 16> processes{};
  UINT needed = 0;
  auto count = static_cast<UINT>(processes.size());
  DWORD reasons = 0;
  const bool told = ::RmRegisterResources(session, 1, &name, 0, nullptr, 0, nullptr) == ERROR_SUCCESS &&
                    ::RmGetList(session, &needed, &count, processes.data(), &reasons) == ERROR_SUCCESS;
  ::RmEndSession(session);
  for (UINT i = 0; told && i < count; ++i) {
    const DWORD process = processes.at(i).Process.dwProcessId;
    if (process != ::GetCurrentProcessId()) return static_cast<long>(process);
  }
  return told && count > 0 ? static_cast<long>(::GetCurrentProcessId()) : 0;
}

std::string program_name_of(long process) {
  const Handle opened = open_process(static_cast<DWORD>(process));
  return opened ? program_of(opened.get()).stem().string() : std::string();
}

}  // namespace

std::string FileLock::Holder::description() const {
  if (process == 0) return "another process";
  const std::string name = program_name_of(process);
  return "process " + std::to_string(process) + (name.empty() ? "" : " (" + printable(name, 32) + ")");
}

namespace {

/// Tries to lock the first byte. `how`: LOCKFILE_EXCLUSIVE_LOCK or 0. Returns the error, or 0.
DWORD try_to_lock(HANDLE file, DWORD how) {
  OVERLAPPED at{};
  return ::LockFileEx(file, how | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at) != 0 ? 0 : ::GetLastError();
}

bool means_held(DWORD error) {
  return error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING;
}

/// held_by() has the lock for an instant, longer where it has to wait for its turn meanwhile, which must not
/// keep anybody from the lock.
DWORD try_to_lock_beside_onlookers(HANDLE file) {
  constexpr int attempts = 60;
  constexpr DWORD pause_ms = 5;
  DWORD error = try_to_lock(file, LOCKFILE_EXCLUSIVE_LOCK);
  for (int i = 1; i < attempts && means_held(error); ++i) {
    ::Sleep(pause_ms);
    error = try_to_lock(file, LOCKFILE_EXCLUSIVE_LOCK);
  }
  return error;
}

Handle open_lock_file(const std::filesystem::path& file) {
  const PrivateToUser security;
  HANDLE const opened = ::CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                      static_cast<SECURITY_ATTRIBUTES*>(security.attributes()), OPEN_ALWAYS,
                                      FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
  if (opened == INVALID_HANDLE_VALUE) throw_last_error("cannot open the lock file " + file.string());
  Handle handle(opened);
  FILE_ATTRIBUTE_TAG_INFO info{};
  if (::GetFileInformationByHandleEx(opened, FileAttributeTagInfo, &info, sizeof info) != 0 &&
      (info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
    throw_error(ERROR_CANT_ACCESS_FILE, "cannot open the lock file " + file.string() + ", which is a link");
  return handle;
}

}  // namespace

FileLock::Outcome FileLock::acquire(const std::filesystem::path& file) {
  Handle handle = open_lock_file(file);
  if (const DWORD error = try_to_lock_beside_onlookers(handle.get()); means_held(error)) {
    handle.close();  // or this process would be among those that have it open
    return Holder{holder_of(file)};
  } else if (error != 0) {
    throw_error(error, "cannot lock " + file.string());
  }
  return std::make_unique<OpenFileLock>(std::move(handle));
}

std::unique_ptr<FileLock> FileLock::try_acquire(const std::filesystem::path& file) {
  Handle handle = open_lock_file(file);
  const DWORD error = try_to_lock(handle.get(), LOCKFILE_EXCLUSIVE_LOCK);
  if (means_held(error)) return nullptr;
  if (error != 0) throw_error(error, "cannot lock " + file.string());
  return std::make_unique<OpenFileLock>(std::move(handle));
}

/// The system tells of a lock only to who asks for it: a shared one, given back at once.
std::optional<FileLock::Holder> FileLock::held_by(const std::filesystem::path& file) {
  HANDLE const opened =
      ::CreateFileW(file.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    nullptr, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
  if (opened == INVALID_HANDLE_VALUE) {
    const DWORD error = ::GetLastError();
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) return {};
    throw_error(error, "cannot open the lock file " + file.string());
  }
  Handle handle(opened);
  const DWORD error = try_to_lock(opened, 0);
  handle.close();  // with the lock
  if (error == 0) return {};
  if (!means_held(error)) throw_error(error, "cannot look at the lock " + file.string());
  return Holder{holder_of(file)};
}

}  // namespace koshin
