// SPDX-License-Identifier: MIT
// koshin.log on POSIX systems.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "foundation/log/log_file.hpp"
#include "foundation/system/descriptor_posix.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::log {
namespace {

constexpr std::string_view file_name = "koshin.log";

/// Whether the open file is koshin.log, by its present name. Does not allocate: called in a signal handler.
bool is_log_file(int descriptor) noexcept {
  std::array<char, 32> link{"/proc/self/fd/"};
  const std::size_t prefix = std::char_traits<char>::length(link.data());
  *std::to_chars(link.data() + prefix, link.data() + link.size() - 1, descriptor).ptr = '\0';
  std::array<char, 4096> target{};
  const ssize_t size = ::readlink(link.data(), target.data(), target.size());
  if (size <= 0) return false;
  std::string_view name(target.data(), static_cast<std::size_t>(size));
  name.remove_prefix(name.rfind('/') + 1);
  return name.starts_with(file_name);  // another run may have renamed it to koshin.log.1
}

void set_full_one_aside(const std::string& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  if (!ignored && size + room_for_one_run > largest_log_file)
    std::filesystem::rename(path, path + ".1", ignored);
}

}  // namespace

Handle open_log_file() noexcept {
  try {
    const std::string path = (paths::state_directory() / file_name).string();
    set_full_one_aside(path);
    Handle file(out_of_reach(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)));
    struct stat status {};
    // A named pipe would hold up everybody who logs.
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    (void)::fchmod(file.get(), S_IRUSR | S_IWUSR);  // one that an older umask has left open
    return file;
  } catch (const std::exception&) {
    return {};
  }
}

bool fits_log_file(NativeHandle to, std::size_t bytes) noexcept {
  struct stat status {};
  if (::fstat(to, &status) != 0 || !S_ISREG(status.st_mode) || !is_log_file(to)) return true;
  return static_cast<std::uintmax_t>(status.st_size) + bytes <= largest_log_file;
}

}  // namespace koshin::log
