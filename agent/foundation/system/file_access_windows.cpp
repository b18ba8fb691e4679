// SPDX-License-Identifier: MIT
// Guarded files on Windows: the owner and the access control list of the open file, of every folder above it,
// and of every link on the way.
#include "foundation/system/file_access.hpp"

#include <windows.h>

#include <array>
#include <string_view>
#include <system_error>

#include "foundation/system/access_list_windows.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

namespace fs = std::filesystem;

constexpr DWORD changing = FILE_WRITE_DATA | FILE_APPEND_DATA | DELETE | WRITE_DAC | WRITE_OWNER;
/// What lets somebody put another thing in the place of what is in a folder. Adding to it does not, as in a
/// sticky folder: "Authenticated Users" may add folders to every drive.
constexpr DWORD replacing = FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER;
/// Of the folder that the file is in: a library's loader looks there for the libraries that it needs.
constexpr DWORD adding = FILE_ADD_FILE;

Trusted trusted_for(Guard guard) {
  return {.caller = guard != Guard::administrator, .others = {}};
}

std::string wrong_owner(const std::string& owner, Guard guard) {
  return "belongs to " + owner +
         (guard == Guard::administrator
              ? ": give it to the administrators"
              : ": give it to the administrators or to the user who runs this program");
}

/// Empty when the guard allows it; else what is wrong with the file and what to do about it.
std::string objection(NativeHandle file, Guard guard, const std::string& name) {
  Trusted trusted = trusted_for(guard);
  const AccessJudgement writing = judge_access(file, changing, trusted, name);
  if (!writing.owner_trusted) return wrong_owner(writing.owner, guard);
  if (!writing.other.empty()) return "can be changed by " + writing.other + ": take that right away";
  if (guard == Guard::write || guard == Guard::administrator) return {};
  if (guard == Guard::shared_read && writing.owner_is_administrator)
    if (std::string group = sid_of(secret_group); !group.empty()) trusted.others.push_back(std::move(group));
  const AccessJudgement reading = judge_access(file, FILE_READ_DATA, trusted, name);
  return reading.other.empty() ? std::string() : "can be read by " + reading.other + ": take that right away";
}

bool is_link(NativeHandle file) {
  FILE_ATTRIBUTE_TAG_INFO info{};
  return ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &info, sizeof info) != 0 &&
         (info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
         IsReparseTagNameSurrogate(info.ReparseTag);
}

/// The folder itself, or the link that stands in its place.
void check_step(const fs::path& step, bool holds_the_file, Guard guard) {
  const Handle folder = [&] {
    HANDLE const opened =
        ::CreateFileW(step.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                      FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (opened == INVALID_HANDLE_VALUE) throw_last_error(step.string());
    return Handle(opened);
  }();
  const bool link = is_link(folder.get());
  const DWORD rights = link ? changing : replacing | (holds_the_file ? adding : 0);
  const AccessJudgement judgement = judge_access(folder.get(), rights, trusted_for(guard), step.string());
  const std::string what = step.string() + (link ? ": this link " : ": this folder ");
  if (!judgement.owner_trusted) throw UnsafeFile(what + wrong_owner(judgement.owner, guard));
  if (!judgement.other.empty())
    throw UnsafeFile(what + "can be changed by " + judgement.other + ": take that right away");
}

/// Every folder from the root of the drive to the one that the file is in.
void check_folders(const fs::path& file, Guard guard) {
  fs::path at = file.root_path();
  check_step(at, at == file.parent_path(), guard);
  for (const fs::path& part : file.relative_path().parent_path()) {
    at /= part;
    check_step(at, at == file.parent_path(), guard);
  }
}

/// Where the open file really lies, without links.
fs::path real_path(NativeHandle file, const fs::path& path) {
  std::array<wchar_t, 32768> buffer{};
  const DWORD size =
      ::GetFinalPathNameByHandleW(file, buffer.data(), static_cast<DWORD>(buffer.size()), VOLUME_NAME_DOS);
  if (size == 0 || size >= buffer.size()) throw_last_error(path.string());
  std::wstring_view name(buffer.data(), size);
  if (name.starts_with(LR"(\\?\UNC\)")) return LR"(\\)" + std::wstring(name.substr(8));
  if (name.starts_with(LR"(\\?\)")) name.remove_prefix(4);
  return name;
}

std::string_view kind_of(NativeHandle file) {
  switch (::GetFileType(file)) {
    case FILE_TYPE_DISK:
      return {};
    case FILE_TYPE_PIPE:
      return "a named pipe";
    default:
      return "a device";
  }
}

bool is_folder(NativeHandle file) {
  FILE_BASIC_INFO info{};
  return ::GetFileInformationByHandleEx(file, FileBasicInfo, &info, sizeof info) != 0 &&
         (info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

}  // namespace

std::optional<GuardedFile> GuardedFile::open(const fs::path& path, Guard guard) {
  // A named pipe in the file's place must not act in the caller's name.
  HANDLE const opened = ::CreateFileW(
      path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, nullptr);
  if (opened == INVALID_HANDLE_VALUE) {
    const DWORD error = ::GetLastError();
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) return std::nullopt;
    throw_error(error, path.string());
  }
  GuardedFile file(path, Handle(opened));
  const std::string_view kind = is_folder(opened) ? "a folder" : kind_of(opened);
  if (!kind.empty())
    throw NotAFile(path.string() + ": this is " + std::string(kind) + ", and not a regular file");
  const fs::path named = fs::absolute(path).lexically_normal();
  const fs::path real = real_path(opened, path);
  check_folders(named, guard);
  if (::CompareStringOrdinal(named.c_str(), -1, real.c_str(), -1, TRUE) != CSTR_EQUAL) {
    // A link that names the file, and the way to where it leads.
    check_step(named, false, guard);
    check_folders(real, guard);
  }
  if (const std::string problem = objection(opened, guard, path.string()); !problem.empty())
    throw UnsafeFile(path.string() + ": this file " + problem);
  return file;
}

std::size_t GuardedFile::read(std::span<char> into) {
  return read_some(handle_.get(), into);
}

std::string GuardedFile::stamp() const {
  BY_HANDLE_FILE_INFORMATION info{};
  if (::GetFileInformationByHandle(handle_.get(), &info) == 0) throw_last_error(path_.string());
  const auto number = [](DWORD high, DWORD low) {
    return std::to_string((static_cast<unsigned long long>(high) << 32U) | low);
  };
  return path_.string() + ' ' +
         number(info.ftLastWriteTime.dwHighDateTime, info.ftLastWriteTime.dwLowDateTime) + ' ' +
         number(info.nFileSizeHigh, info.nFileSizeLow);
}

/// Windows has no such right of a file: what is in it says that it is a program.
std::string why_not_executable(const fs::path& path) {
  // By its ending, as the system itself goes by it; a program's content is looked at too.
  const std::wstring ending = path.extension().native();
  const auto is = [&](const wchar_t* other) { return ::_wcsicmp(ending.c_str(), other) == 0; };
  DWORD kind = 0;
  if (is(L".cmd") || is(L".bat") || (is(L".exe") && ::GetBinaryTypeW(path.c_str(), &kind) != 0)) return "";
  return "this file is no program: its name must end with .exe, .cmd or .bat";
}

}  // namespace koshin
